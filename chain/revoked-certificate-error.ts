/** A CA has revoked the certificate. */
export class RevokedCertificateError extends RangeError {
  override readonly name = "RevokedCertificateError";

  constructor() {
    super("the certificate is revoked");
  }
}
