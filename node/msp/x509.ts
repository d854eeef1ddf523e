/** `@peculiar/x509`, which needs `reflect-metadata` loaded before itself. */
// oxlint-disable-next-line import/no-unassigned-import -- see above
import "reflect-metadata";
export * from "@peculiar/x509";
