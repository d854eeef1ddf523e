import type { Command } from "commander";
import { addCertCa } from "./cert-ca.ts";
import { addCertCsr } from "./cert-csr.ts";
import { addCertInstall } from "./cert-install.ts";
import { addCertIssue } from "./cert-issue.ts";
import { addCertRenew } from "./cert-renew.ts";
import { addCertRevoke } from "./cert-revoke.ts";
import { addCertShow } from "./cert-show.ts";

/** Adds all of a certificate's life. */
export function addCert(cert: Command): void {
  cert.addHelpText("after", COURSE);
  addCertCa(cert);
  addCertCsr(cert);
  addCertIssue(cert);
  addCertInstall(cert);
  addCertRenew(cert);
  addCertRevoke(cert);
  addCertShow(cert);
}

const COURSE = `
The usual course; keys never leave the machine that made them:
  ca$    blockgossip cert ca --out Org1 --org Org1
  peer$  blockgossip cert csr --out peer0/msp --name peer0 --request peer0.csr
  ca$    blockgossip cert issue peer0.csr --ca Org1 --out peer0.pem
  peer$  blockgossip cert install peer0.pem --msp peer0/msp`;
