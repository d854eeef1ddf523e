import { transportAcceptance } from "../transport-acceptance.ts";
import { loopbackNetwork } from "./loopback-network.ts";

transportAcceptance("libp2p on loopback", loopbackNetwork);
