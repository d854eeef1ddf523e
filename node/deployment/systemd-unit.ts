import { STOP_SECONDS_MAX } from "./container.ts";

/** The account that peers run as; systemd-sysusers makes it of this line. */
export const SYSTEM_USERS = 'u blockgossip - "blockgossip peers" /var/lib/blockgossip\n';

/**
 * The unit of every peer of a machine: `blockgossip@NAME` runs the peer whose folder is `/etc/blockgossip/NAME`, with its
 * data in `/var/lib/blockgossip/NAME`, and can write nowhere else.
 */
export const SYSTEMD_UNIT = `[Unit]
Description=blockgossip peer %i
Wants=network-online.target
After=network-online.target
# A peer that fails is tried again for ever, at the pace of RestartSec.
StartLimitIntervalSec=0

[Service]
Type=exec
ExecStart=/usr/bin/env blockgossip peer start --config /etc/blockgossip/%i/config.yaml
Environment=BLOCKGOSSIP_DATA=/var/lib/blockgossip/%i
User=blockgossip
Group=blockgossip
StateDirectory=blockgossip/%i
StateDirectoryMode=0700
Restart=on-failure
RestartSec=5
# A wrong setting does not become right by trying again.
RestartPreventExitStatus=2
TimeoutStopSec=${STOP_SECONDS_MAX}
LimitNOFILE=65536
UMask=0077

CapabilityBoundingSet=
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
# Netlink tells the addresses of the machine.
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX AF_NETLINK
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallErrorNumber=EPERM
# No MemoryDenyWriteExecute: V8 compiles to memory that it then runs.

[Install]
WantedBy=multi-user.target
`;
