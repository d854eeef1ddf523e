/** Numbers of the fields of a channel's configuration (fabric-protos, common/configtx.proto). */
export const CONFIG = { sequence: 1, channelGroup: 2 } as const;
export const GROUP = { version: 1, groups: 2, values: 3, policies: 4, modPolicy: 5 } as const;
/** Of `ConfigValue` and of `ConfigPolicy`; `content` is the value or the policy. */
export const ELEMENT = { version: 1, content: 2, modPolicy: 3 } as const;
/** Of `msp.MSPConfig` (msp/msp_config.proto). */
export const MSP_CONFIG = { type: 1, config: 2 } as const;
/** Of `msp.FabricMSPConfig`, as far as they are changed here. */
export const FABRIC_MSP = { rootCerts: 2, intermediateCerts: 3, revocationList: 5 } as const;
