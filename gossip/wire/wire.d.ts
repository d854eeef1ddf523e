import type { Codec, DecodeOptions } from 'protons-runtime';
import type { Uint8ArrayList } from 'uint8arraylist';
export interface Signed {
    payload: Uint8Array<ArrayBuffer>;
    signature: Uint8Array<ArrayBuffer>;
}
export declare namespace Signed {
    const codec: () => Codec<Signed>;
    interface SignedPayloadFieldEvent {
        field: '$.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface SignedSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Signed>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Signed>): Signed;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Signed>): Generator<SignedPayloadFieldEvent | SignedSignatureFieldEvent>;
}
export interface Alive {
    peer: string;
    incarnation: number;
    sequence: number;
    left: boolean;
    name: string;
    addresses: string[];
    channelTags: Uint8Array<ArrayBuffer>[];
    identity: Uint8Array<ArrayBuffer>;
    tags: string[];
}
export declare namespace Alive {
    const codec: () => Codec<Alive>;
    interface AlivePeerFieldEvent {
        field: '$.peer';
        value: string;
    }
    interface AliveIncarnationFieldEvent {
        field: '$.incarnation';
        value: number;
    }
    interface AliveSequenceFieldEvent {
        field: '$.sequence';
        value: number;
    }
    interface AliveLeftFieldEvent {
        field: '$.left';
        value: boolean;
    }
    interface AliveNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface AliveAddressesFieldEvent {
        field: '$.addresses[]';
        index: number;
        value: string;
    }
    interface AliveChannelTagsFieldEvent {
        field: '$.channelTags[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface AliveIdentityFieldEvent {
        field: '$.identity';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AliveTagsFieldEvent {
        field: '$.tags[]';
        index: number;
        value: string;
    }
    function encode(obj: Partial<Alive>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Alive>): Alive;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Alive>): Generator<AlivePeerFieldEvent | AliveIncarnationFieldEvent | AliveSequenceFieldEvent | AliveLeftFieldEvent | AliveNameFieldEvent | AliveAddressesFieldEvent | AliveChannelTagsFieldEvent | AliveIdentityFieldEvent | AliveTagsFieldEvent>;
}
export interface Internal {
    peer: string;
    incarnation: number;
    sequence: number;
    addresses: string[];
}
export declare namespace Internal {
    const codec: () => Codec<Internal>;
    interface InternalPeerFieldEvent {
        field: '$.peer';
        value: string;
    }
    interface InternalIncarnationFieldEvent {
        field: '$.incarnation';
        value: number;
    }
    interface InternalSequenceFieldEvent {
        field: '$.sequence';
        value: number;
    }
    interface InternalAddressesFieldEvent {
        field: '$.addresses[]';
        index: number;
        value: string;
    }
    function encode(obj: Partial<Internal>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Internal>): Internal;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Internal>): Generator<InternalPeerFieldEvent | InternalIncarnationFieldEvent | InternalSequenceFieldEvent | InternalAddressesFieldEvent>;
}
export interface StateInfo {
    peer: string;
    incarnation: number;
    sequence: number;
    channel: Uint8Array<ArrayBuffer>;
    height: number;
    hasSource: boolean;
    leads: boolean;
}
export declare namespace StateInfo {
    const codec: () => Codec<StateInfo>;
    interface StateInfoPeerFieldEvent {
        field: '$.peer';
        value: string;
    }
    interface StateInfoIncarnationFieldEvent {
        field: '$.incarnation';
        value: number;
    }
    interface StateInfoSequenceFieldEvent {
        field: '$.sequence';
        value: number;
    }
    interface StateInfoChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface StateInfoHeightFieldEvent {
        field: '$.height';
        value: number;
    }
    interface StateInfoHasSourceFieldEvent {
        field: '$.hasSource';
        value: boolean;
    }
    interface StateInfoLeadsFieldEvent {
        field: '$.leads';
        value: boolean;
    }
    function encode(obj: Partial<StateInfo>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StateInfo>): StateInfo;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StateInfo>): Generator<StateInfoPeerFieldEvent | StateInfoIncarnationFieldEvent | StateInfoSequenceFieldEvent | StateInfoChannelFieldEvent | StateInfoHeightFieldEvent | StateInfoHasSourceFieldEvent | StateInfoLeadsFieldEvent>;
}
export interface Accusation {
    peer: string;
    accused: string;
    incarnation: number;
    sequence: number;
}
export declare namespace Accusation {
    const codec: () => Codec<Accusation>;
    interface AccusationPeerFieldEvent {
        field: '$.peer';
        value: string;
    }
    interface AccusationAccusedFieldEvent {
        field: '$.accused';
        value: string;
    }
    interface AccusationIncarnationFieldEvent {
        field: '$.incarnation';
        value: number;
    }
    interface AccusationSequenceFieldEvent {
        field: '$.sequence';
        value: number;
    }
    function encode(obj: Partial<Accusation>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Accusation>): Accusation;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Accusation>): Generator<AccusationPeerFieldEvent | AccusationAccusedFieldEvent | AccusationIncarnationFieldEvent | AccusationSequenceFieldEvent>;
}
export interface Member {
    alive?: Signed;
    internal?: Signed;
}
export declare namespace Member {
    const codec: () => Codec<Member>;
    interface MemberAlivePayloadFieldEvent {
        field: '$.alive.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface MemberAliveSignatureFieldEvent {
        field: '$.alive.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface MemberInternalPayloadFieldEvent {
        field: '$.internal.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface MemberInternalSignatureFieldEvent {
        field: '$.internal.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Member>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Member>): Member;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Member>): Generator<MemberAlivePayloadFieldEvent | MemberAliveSignatureFieldEvent | MemberInternalPayloadFieldEvent | MemberInternalSignatureFieldEvent>;
}
export interface AliveBatch {
    members: Member[];
}
export declare namespace AliveBatch {
    const codec: () => Codec<AliveBatch>;
    interface AliveBatchMembersAlivePayloadFieldEvent {
        field: '$.members[].alive.payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface AliveBatchMembersAliveSignatureFieldEvent {
        field: '$.members[].alive.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface AliveBatchMembersInternalPayloadFieldEvent {
        field: '$.members[].internal.payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface AliveBatchMembersInternalSignatureFieldEvent {
        field: '$.members[].internal.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    function encode(obj: Partial<AliveBatch>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AliveBatch>): AliveBatch;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<AliveBatch>): Generator<AliveBatchMembersAlivePayloadFieldEvent | AliveBatchMembersAliveSignatureFieldEvent | AliveBatchMembersInternalPayloadFieldEvent | AliveBatchMembersInternalSignatureFieldEvent>;
}
export interface MembershipRequest {
    self?: Member;
    viewHash: Uint8Array<ArrayBuffer>;
}
export declare namespace MembershipRequest {
    const codec: () => Codec<MembershipRequest>;
    interface MembershipRequestSelfAlivePayloadFieldEvent {
        field: '$.self.alive.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface MembershipRequestSelfAliveSignatureFieldEvent {
        field: '$.self.alive.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface MembershipRequestSelfInternalPayloadFieldEvent {
        field: '$.self.internal.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface MembershipRequestSelfInternalSignatureFieldEvent {
        field: '$.self.internal.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface MembershipRequestViewHashFieldEvent {
        field: '$.viewHash';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<MembershipRequest>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MembershipRequest>): MembershipRequest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MembershipRequest>): Generator<MembershipRequestSelfAlivePayloadFieldEvent | MembershipRequestSelfAliveSignatureFieldEvent | MembershipRequestSelfInternalPayloadFieldEvent | MembershipRequestSelfInternalSignatureFieldEvent | MembershipRequestViewHashFieldEvent>;
}
export interface MembershipResponse {
    members: Member[];
}
export declare namespace MembershipResponse {
    const codec: () => Codec<MembershipResponse>;
    interface MembershipResponseMembersAlivePayloadFieldEvent {
        field: '$.members[].alive.payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface MembershipResponseMembersAliveSignatureFieldEvent {
        field: '$.members[].alive.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface MembershipResponseMembersInternalPayloadFieldEvent {
        field: '$.members[].internal.payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface MembershipResponseMembersInternalSignatureFieldEvent {
        field: '$.members[].internal.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    function encode(obj: Partial<MembershipResponse>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MembershipResponse>): MembershipResponse;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<MembershipResponse>): Generator<MembershipResponseMembersAlivePayloadFieldEvent | MembershipResponseMembersAliveSignatureFieldEvent | MembershipResponseMembersInternalPayloadFieldEvent | MembershipResponseMembersInternalSignatureFieldEvent>;
}
export interface Accusations {
    statements: Signed[];
}
export declare namespace Accusations {
    const codec: () => Codec<Accusations>;
    interface AccusationsStatementsPayloadFieldEvent {
        field: '$.statements[].payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface AccusationsStatementsSignatureFieldEvent {
        field: '$.statements[].signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    function encode(obj: Partial<Accusations>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Accusations>): Accusations;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Accusations>): Generator<AccusationsStatementsPayloadFieldEvent | AccusationsStatementsSignatureFieldEvent>;
}
export interface Ping {
    id: number;
    accusation?: Signed;
}
export declare namespace Ping {
    const codec: () => Codec<Ping>;
    interface PingIdFieldEvent {
        field: '$.id';
        value: number;
    }
    interface PingAccusationPayloadFieldEvent {
        field: '$.accusation.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PingAccusationSignatureFieldEvent {
        field: '$.accusation.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Ping>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ping>): Ping;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ping>): Generator<PingIdFieldEvent | PingAccusationPayloadFieldEvent | PingAccusationSignatureFieldEvent>;
}
export interface PingRequest {
    id: number;
    peer: string;
}
export declare namespace PingRequest {
    const codec: () => Codec<PingRequest>;
    interface PingRequestIdFieldEvent {
        field: '$.id';
        value: number;
    }
    interface PingRequestPeerFieldEvent {
        field: '$.peer';
        value: string;
    }
    function encode(obj: Partial<PingRequest>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PingRequest>): PingRequest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PingRequest>): Generator<PingRequestIdFieldEvent | PingRequestPeerFieldEvent>;
}
export interface Pong {
    id: number;
    isSilent: boolean;
}
export declare namespace Pong {
    const codec: () => Codec<Pong>;
    interface PongIdFieldEvent {
        field: '$.id';
        value: number;
    }
    interface PongIsSilentFieldEvent {
        field: '$.isSilent';
        value: boolean;
    }
    function encode(obj: Partial<Pong>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Pong>): Pong;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Pong>): Generator<PongIdFieldEvent | PongIsSilentFieldEvent>;
}
export interface IdentityWant {
    ids: Uint8Array<ArrayBuffer>[];
}
export declare namespace IdentityWant {
    const codec: () => Codec<IdentityWant>;
    interface IdentityWantIdsFieldEvent {
        field: '$.ids[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<IdentityWant>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<IdentityWant>): IdentityWant;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<IdentityWant>): Generator<IdentityWantIdsFieldEvent>;
}
export interface PeerIdentity {
    peer: string;
    identity: Uint8Array<ArrayBuffer>;
}
export declare namespace PeerIdentity {
    const codec: () => Codec<PeerIdentity>;
    interface PeerIdentityPeerFieldEvent {
        field: '$.peer';
        value: string;
    }
    interface PeerIdentityIdentityFieldEvent {
        field: '$.identity';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<PeerIdentity>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerIdentity>): PeerIdentity;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PeerIdentity>): Generator<PeerIdentityPeerFieldEvent | PeerIdentityIdentityFieldEvent>;
}
export interface Identities {
    identities: PeerIdentity[];
}
export declare namespace Identities {
    const codec: () => Codec<Identities>;
    interface IdentitiesIdentitiesPeerFieldEvent {
        field: '$.identities[].peer';
        value: string;
        index: number;
    }
    interface IdentitiesIdentitiesIdentityFieldEvent {
        field: '$.identities[].identity';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    function encode(obj: Partial<Identities>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Identities>): Identities;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Identities>): Generator<IdentitiesIdentitiesPeerFieldEvent | IdentitiesIdentitiesIdentityFieldEvent>;
}
export interface StateInfoBatch {
    channel: Uint8Array<ArrayBuffer>;
    statements: Signed[];
}
export declare namespace StateInfoBatch {
    const codec: () => Codec<StateInfoBatch>;
    interface StateInfoBatchChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface StateInfoBatchStatementsPayloadFieldEvent {
        field: '$.statements[].payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface StateInfoBatchStatementsSignatureFieldEvent {
        field: '$.statements[].signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    function encode(obj: Partial<StateInfoBatch>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StateInfoBatch>): StateInfoBatch;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<StateInfoBatch>): Generator<StateInfoBatchChannelFieldEvent | StateInfoBatchStatementsPayloadFieldEvent | StateInfoBatchStatementsSignatureFieldEvent>;
}
export interface Cut {
    channel: Uint8Array<ArrayBuffer>;
    number: number;
    hash: Uint8Array<ArrayBuffer>;
    blockBytes: number;
    chunkBytes: number;
    lanes: number;
    firstLane: number;
    laneCount: number;
    roots: Uint8Array<ArrayBuffer>;
}
export declare namespace Cut {
    const codec: () => Codec<Cut>;
    interface CutChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface CutNumberFieldEvent {
        field: '$.number';
        value: number;
    }
    interface CutHashFieldEvent {
        field: '$.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface CutBlockBytesFieldEvent {
        field: '$.blockBytes';
        value: number;
    }
    interface CutChunkBytesFieldEvent {
        field: '$.chunkBytes';
        value: number;
    }
    interface CutLanesFieldEvent {
        field: '$.lanes';
        value: number;
    }
    interface CutFirstLaneFieldEvent {
        field: '$.firstLane';
        value: number;
    }
    interface CutLaneCountFieldEvent {
        field: '$.laneCount';
        value: number;
    }
    interface CutRootsFieldEvent {
        field: '$.roots';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Cut>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Cut>): Cut;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Cut>): Generator<CutChannelFieldEvent | CutNumberFieldEvent | CutHashFieldEvent | CutBlockBytesFieldEvent | CutChunkBytesFieldEvent | CutLanesFieldEvent | CutFirstLaneFieldEvent | CutLaneCountFieldEvent | CutRootsFieldEvent>;
}
export interface Spread {
    step: number;
    width: number;
    seed: number;
}
export declare namespace Spread {
    const codec: () => Codec<Spread>;
    interface SpreadStepFieldEvent {
        field: '$.step';
        value: number;
    }
    interface SpreadWidthFieldEvent {
        field: '$.width';
        value: number;
    }
    interface SpreadSeedFieldEvent {
        field: '$.seed';
        value: number;
    }
    function encode(obj: Partial<Spread>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Spread>): Spread;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Spread>): Generator<SpreadStepFieldEvent | SpreadWidthFieldEvent | SpreadSeedFieldEvent>;
}
export interface PushBlock {
    channel: Uint8Array<ArrayBuffer>;
    block: Uint8Array<ArrayBuffer>;
    spread?: Spread;
}
export declare namespace PushBlock {
    const codec: () => Codec<PushBlock>;
    interface PushBlockChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PushBlockBlockFieldEvent {
        field: '$.block';
        value: Uint8Array<ArrayBuffer>;
    }
    interface PushBlockSpreadStepFieldEvent {
        field: '$.spread.step';
        value: number;
    }
    interface PushBlockSpreadWidthFieldEvent {
        field: '$.spread.width';
        value: number;
    }
    interface PushBlockSpreadSeedFieldEvent {
        field: '$.spread.seed';
        value: number;
    }
    function encode(obj: Partial<PushBlock>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PushBlock>): PushBlock;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<PushBlock>): Generator<PushBlockChannelFieldEvent | PushBlockBlockFieldEvent | PushBlockSpreadStepFieldEvent | PushBlockSpreadWidthFieldEvent | PushBlockSpreadSeedFieldEvent>;
}
export interface CutNotice {
    cutter: string;
    statement?: Signed;
}
export declare namespace CutNotice {
    const codec: () => Codec<CutNotice>;
    interface CutNoticeCutterFieldEvent {
        field: '$.cutter';
        value: string;
    }
    interface CutNoticeStatementPayloadFieldEvent {
        field: '$.statement.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface CutNoticeStatementSignatureFieldEvent {
        field: '$.statement.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<CutNotice>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CutNotice>): CutNotice;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<CutNotice>): Generator<CutNoticeCutterFieldEvent | CutNoticeStatementPayloadFieldEvent | CutNoticeStatementSignatureFieldEvent>;
}
export interface LaneProof {
    leaves: Uint8Array<ArrayBuffer>;
    path: Uint8Array<ArrayBuffer>;
}
export declare namespace LaneProof {
    const codec: () => Codec<LaneProof>;
    interface LaneProofLeavesFieldEvent {
        field: '$.leaves';
        value: Uint8Array<ArrayBuffer>;
    }
    interface LaneProofPathFieldEvent {
        field: '$.path';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<LaneProof>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LaneProof>): LaneProof;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<LaneProof>): Generator<LaneProofLeavesFieldEvent | LaneProofPathFieldEvent>;
}
export interface Chunk {
    cut: Uint8Array<ArrayBuffer>;
    lane: number;
    round: number;
    data: Uint8Array<ArrayBuffer>;
    proof?: LaneProof;
    spread?: Spread;
    served: number[];
}
export declare namespace Chunk {
    const codec: () => Codec<Chunk>;
    interface ChunkCutFieldEvent {
        field: '$.cut';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChunkLaneFieldEvent {
        field: '$.lane';
        value: number;
    }
    interface ChunkRoundFieldEvent {
        field: '$.round';
        value: number;
    }
    interface ChunkDataFieldEvent {
        field: '$.data';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChunkProofLeavesFieldEvent {
        field: '$.proof.leaves';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChunkProofPathFieldEvent {
        field: '$.proof.path';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChunkSpreadStepFieldEvent {
        field: '$.spread.step';
        value: number;
    }
    interface ChunkSpreadWidthFieldEvent {
        field: '$.spread.width';
        value: number;
    }
    interface ChunkSpreadSeedFieldEvent {
        field: '$.spread.seed';
        value: number;
    }
    interface ChunkServedFieldEvent {
        field: '$.served[]';
        index: number;
        value: number;
    }
    function encode(obj: Partial<Chunk>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Chunk>): Chunk;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Chunk>): Generator<ChunkCutFieldEvent | ChunkLaneFieldEvent | ChunkRoundFieldEvent | ChunkDataFieldEvent | ChunkProofLeavesFieldEvent | ChunkProofPathFieldEvent | ChunkSpreadStepFieldEvent | ChunkSpreadWidthFieldEvent | ChunkSpreadSeedFieldEvent | ChunkServedFieldEvent>;
}
export interface ChunkWant {
    channel: Uint8Array<ArrayBuffer>;
    cut: Uint8Array<ArrayBuffer>;
    present: Uint8Array<ArrayBuffer>;
    needed: number;
}
export declare namespace ChunkWant {
    const codec: () => Codec<ChunkWant>;
    interface ChunkWantChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChunkWantCutFieldEvent {
        field: '$.cut';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChunkWantPresentFieldEvent {
        field: '$.present';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ChunkWantNeededFieldEvent {
        field: '$.needed';
        value: number;
    }
    function encode(obj: Partial<ChunkWant>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChunkWant>): ChunkWant;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ChunkWant>): Generator<ChunkWantChannelFieldEvent | ChunkWantCutFieldEvent | ChunkWantPresentFieldEvent | ChunkWantNeededFieldEvent>;
}
export interface HeldBlock {
    number: number;
    hash: Uint8Array<ArrayBuffer>;
    blockBytes: number;
}
export declare namespace HeldBlock {
    const codec: () => Codec<HeldBlock>;
    interface HeldBlockNumberFieldEvent {
        field: '$.number';
        value: number;
    }
    interface HeldBlockHashFieldEvent {
        field: '$.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface HeldBlockBlockBytesFieldEvent {
        field: '$.blockBytes';
        value: number;
    }
    function encode(obj: Partial<HeldBlock>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HeldBlock>): HeldBlock;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HeldBlock>): Generator<HeldBlockNumberFieldEvent | HeldBlockHashFieldEvent | HeldBlockBlockBytesFieldEvent>;
}
export interface Advert {
    channel: Uint8Array<ArrayBuffer>;
    height: number;
    blocks: HeldBlock[];
}
export declare namespace Advert {
    const codec: () => Codec<Advert>;
    interface AdvertChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AdvertHeightFieldEvent {
        field: '$.height';
        value: number;
    }
    interface AdvertBlocksNumberFieldEvent {
        field: '$.blocks[].number';
        value: number;
        index: number;
    }
    interface AdvertBlocksHashFieldEvent {
        field: '$.blocks[].hash';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface AdvertBlocksBlockBytesFieldEvent {
        field: '$.blocks[].blockBytes';
        value: number;
        index: number;
    }
    function encode(obj: Partial<Advert>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Advert>): Advert;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Advert>): Generator<AdvertChannelFieldEvent | AdvertHeightFieldEvent | AdvertBlocksNumberFieldEvent | AdvertBlocksHashFieldEvent | AdvertBlocksBlockBytesFieldEvent>;
}
export interface RelayQuestion {
    channel: Uint8Array<ArrayBuffer>;
    number: number;
    hash: Uint8Array<ArrayBuffer>;
}
export declare namespace RelayQuestion {
    const codec: () => Codec<RelayQuestion>;
    interface RelayQuestionChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface RelayQuestionNumberFieldEvent {
        field: '$.number';
        value: number;
    }
    interface RelayQuestionHashFieldEvent {
        field: '$.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<RelayQuestion>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RelayQuestion>): RelayQuestion;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RelayQuestion>): Generator<RelayQuestionChannelFieldEvent | RelayQuestionNumberFieldEvent | RelayQuestionHashFieldEvent>;
}
export interface RelayAnswer {
    channel: Uint8Array<ArrayBuffer>;
    number: number;
    hash: Uint8Array<ArrayBuffer>;
    came: boolean;
}
export declare namespace RelayAnswer {
    const codec: () => Codec<RelayAnswer>;
    interface RelayAnswerChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface RelayAnswerNumberFieldEvent {
        field: '$.number';
        value: number;
    }
    interface RelayAnswerHashFieldEvent {
        field: '$.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface RelayAnswerCameFieldEvent {
        field: '$.came';
        value: boolean;
    }
    function encode(obj: Partial<RelayAnswer>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RelayAnswer>): RelayAnswer;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RelayAnswer>): Generator<RelayAnswerChannelFieldEvent | RelayAnswerNumberFieldEvent | RelayAnswerHashFieldEvent | RelayAnswerCameFieldEvent>;
}
export interface Want {
    channel: Uint8Array<ArrayBuffer>;
    number: number;
    hash: Uint8Array<ArrayBuffer>;
}
export declare namespace Want {
    const codec: () => Codec<Want>;
    interface WantChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface WantNumberFieldEvent {
        field: '$.number';
        value: number;
    }
    interface WantHashFieldEvent {
        field: '$.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Want>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Want>): Want;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Want>): Generator<WantChannelFieldEvent | WantNumberFieldEvent | WantHashFieldEvent>;
}
export interface UserEvent {
    peer: string;
    incarnation: number;
    sequence: number;
    time: number;
    name: string;
    payload: Uint8Array<ArrayBuffer>;
}
export declare namespace UserEvent {
    const codec: () => Codec<UserEvent>;
    interface UserEventPeerFieldEvent {
        field: '$.peer';
        value: string;
    }
    interface UserEventIncarnationFieldEvent {
        field: '$.incarnation';
        value: number;
    }
    interface UserEventSequenceFieldEvent {
        field: '$.sequence';
        value: number;
    }
    interface UserEventTimeFieldEvent {
        field: '$.time';
        value: number;
    }
    interface UserEventNameFieldEvent {
        field: '$.name';
        value: string;
    }
    interface UserEventPayloadFieldEvent {
        field: '$.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<UserEvent>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<UserEvent>): UserEvent;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<UserEvent>): Generator<UserEventPeerFieldEvent | UserEventIncarnationFieldEvent | UserEventSequenceFieldEvent | UserEventTimeFieldEvent | UserEventNameFieldEvent | UserEventPayloadFieldEvent>;
}
export interface ToldEvent {
    event?: Signed;
    ageSeconds: number;
}
export declare namespace ToldEvent {
    const codec: () => Codec<ToldEvent>;
    interface ToldEventEventPayloadFieldEvent {
        field: '$.event.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ToldEventEventSignatureFieldEvent {
        field: '$.event.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ToldEventAgeSecondsFieldEvent {
        field: '$.ageSeconds';
        value: number;
    }
    function encode(obj: Partial<ToldEvent>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ToldEvent>): ToldEvent;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ToldEvent>): Generator<ToldEventEventPayloadFieldEvent | ToldEventEventSignatureFieldEvent | ToldEventAgeSecondsFieldEvent>;
}
export interface UserEvents {
    events: ToldEvent[];
}
export declare namespace UserEvents {
    const codec: () => Codec<UserEvents>;
    interface UserEventsEventsEventPayloadFieldEvent {
        field: '$.events[].event.payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface UserEventsEventsEventSignatureFieldEvent {
        field: '$.events[].event.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface UserEventsEventsAgeSecondsFieldEvent {
        field: '$.events[].ageSeconds';
        value: number;
        index: number;
    }
    function encode(obj: Partial<UserEvents>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<UserEvents>): UserEvents;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<UserEvents>): Generator<UserEventsEventsEventPayloadFieldEvent | UserEventsEventsEventSignatureFieldEvent | UserEventsEventsAgeSecondsFieldEvent>;
}
export interface EventSync {
    hash: Uint8Array<ArrayBuffer>;
    held?: HeldEvents;
}
export declare namespace EventSync {
    const codec: () => Codec<EventSync>;
    interface EventSyncHashFieldEvent {
        field: '$.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface EventSyncHeldIdsFieldEvent {
        field: '$.held.ids';
        value: Uint8Array<ArrayBuffer>;
    }
    interface EventSyncHeldAsksBackFieldEvent {
        field: '$.held.asksBack';
        value: boolean;
    }
    function encode(obj: Partial<EventSync>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EventSync>): EventSync;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<EventSync>): Generator<EventSyncHashFieldEvent | EventSyncHeldIdsFieldEvent | EventSyncHeldAsksBackFieldEvent>;
}
export interface HeldEvents {
    ids: Uint8Array<ArrayBuffer>;
    asksBack: boolean;
}
export declare namespace HeldEvents {
    const codec: () => Codec<HeldEvents>;
    interface HeldEventsIdsFieldEvent {
        field: '$.ids';
        value: Uint8Array<ArrayBuffer>;
    }
    interface HeldEventsAsksBackFieldEvent {
        field: '$.asksBack';
        value: boolean;
    }
    function encode(obj: Partial<HeldEvents>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HeldEvents>): HeldEvents;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<HeldEvents>): Generator<HeldEventsIdsFieldEvent | HeldEventsAsksBackFieldEvent>;
}
export interface RepairStep {
    channel: Uint8Array<ArrayBuffer>;
    ring: Uint8Array<ArrayBuffer>;
    hop: number;
    source: string;
    verify: boolean;
}
export declare namespace RepairStep {
    const codec: () => Codec<RepairStep>;
    interface RepairStepChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface RepairStepRingFieldEvent {
        field: '$.ring';
        value: Uint8Array<ArrayBuffer>;
    }
    interface RepairStepHopFieldEvent {
        field: '$.hop';
        value: number;
    }
    interface RepairStepSourceFieldEvent {
        field: '$.source';
        value: string;
    }
    interface RepairStepVerifyFieldEvent {
        field: '$.verify';
        value: boolean;
    }
    function encode(obj: Partial<RepairStep>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepairStep>): RepairStep;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepairStep>): Generator<RepairStepChannelFieldEvent | RepairStepRingFieldEvent | RepairStepHopFieldEvent | RepairStepSourceFieldEvent | RepairStepVerifyFieldEvent>;
}
export interface RepairProgress {
    channel: Uint8Array<ArrayBuffer>;
    ring: Uint8Array<ArrayBuffer>;
    hop: number;
    done: number;
}
export declare namespace RepairProgress {
    const codec: () => Codec<RepairProgress>;
    interface RepairProgressChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface RepairProgressRingFieldEvent {
        field: '$.ring';
        value: Uint8Array<ArrayBuffer>;
    }
    interface RepairProgressHopFieldEvent {
        field: '$.hop';
        value: number;
    }
    interface RepairProgressDoneFieldEvent {
        field: '$.done';
        value: number;
    }
    function encode(obj: Partial<RepairProgress>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepairProgress>): RepairProgress;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepairProgress>): Generator<RepairProgressChannelFieldEvent | RepairProgressRingFieldEvent | RepairProgressHopFieldEvent | RepairProgressDoneFieldEvent>;
}
export interface RepairReport {
    channel: Uint8Array<ArrayBuffer>;
    ring: Uint8Array<ArrayBuffer>;
    hop: number;
    heightBefore: number;
    heightAfter: number;
    tipHash: Uint8Array<ArrayBuffer>;
    copied: number;
    damaged: number[];
    mended: number[];
    verified: boolean;
    more: boolean;
    failure: string;
}
export declare namespace RepairReport {
    const codec: () => Codec<RepairReport>;
    interface RepairReportChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface RepairReportRingFieldEvent {
        field: '$.ring';
        value: Uint8Array<ArrayBuffer>;
    }
    interface RepairReportHopFieldEvent {
        field: '$.hop';
        value: number;
    }
    interface RepairReportHeightBeforeFieldEvent {
        field: '$.heightBefore';
        value: number;
    }
    interface RepairReportHeightAfterFieldEvent {
        field: '$.heightAfter';
        value: number;
    }
    interface RepairReportTipHashFieldEvent {
        field: '$.tipHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface RepairReportCopiedFieldEvent {
        field: '$.copied';
        value: number;
    }
    interface RepairReportDamagedFieldEvent {
        field: '$.damaged[]';
        index: number;
        value: number;
    }
    interface RepairReportMendedFieldEvent {
        field: '$.mended[]';
        index: number;
        value: number;
    }
    interface RepairReportVerifiedFieldEvent {
        field: '$.verified';
        value: boolean;
    }
    interface RepairReportMoreFieldEvent {
        field: '$.more';
        value: boolean;
    }
    interface RepairReportFailureFieldEvent {
        field: '$.failure';
        value: string;
    }
    function encode(obj: Partial<RepairReport>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepairReport>): RepairReport;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<RepairReport>): Generator<RepairReportChannelFieldEvent | RepairReportRingFieldEvent | RepairReportHopFieldEvent | RepairReportHeightBeforeFieldEvent | RepairReportHeightAfterFieldEvent | RepairReportTipHashFieldEvent | RepairReportCopiedFieldEvent | RepairReportDamagedFieldEvent | RepairReportMendedFieldEvent | RepairReportVerifiedFieldEvent | RepairReportMoreFieldEvent | RepairReportFailureFieldEvent>;
}
export interface ForkProof {
    channel: Uint8Array<ArrayBuffer>;
    first: Uint8Array<ArrayBuffer>;
    second: Uint8Array<ArrayBuffer>;
}
export declare namespace ForkProof {
    const codec: () => Codec<ForkProof>;
    interface ForkProofChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ForkProofFirstFieldEvent {
        field: '$.first';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ForkProofSecondFieldEvent {
        field: '$.second';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<ForkProof>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ForkProof>): ForkProof;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<ForkProof>): Generator<ForkProofChannelFieldEvent | ForkProofFirstFieldEvent | ForkProofSecondFieldEvent>;
}
export interface JourneyQuestion {
    channel: Uint8Array<ArrayBuffer>;
    first: number;
}
export declare namespace JourneyQuestion {
    const codec: () => Codec<JourneyQuestion>;
    interface JourneyQuestionChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface JourneyQuestionFirstFieldEvent {
        field: '$.first';
        value: number;
    }
    function encode(obj: Partial<JourneyQuestion>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JourneyQuestion>): JourneyQuestion;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JourneyQuestion>): Generator<JourneyQuestionChannelFieldEvent | JourneyQuestionFirstFieldEvent>;
}
export interface Arrival {
    number: number;
    hash: Uint8Array<ArrayBuffer>;
    from: string;
    origin: number;
    received: number;
    verified: number;
    committed: number;
}
export declare namespace Arrival {
    const codec: () => Codec<Arrival>;
    interface ArrivalNumberFieldEvent {
        field: '$.number';
        value: number;
    }
    interface ArrivalHashFieldEvent {
        field: '$.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface ArrivalFromFieldEvent {
        field: '$.from';
        value: string;
    }
    interface ArrivalOriginFieldEvent {
        field: '$.origin';
        value: number;
    }
    interface ArrivalReceivedFieldEvent {
        field: '$.received';
        value: number;
    }
    interface ArrivalVerifiedFieldEvent {
        field: '$.verified';
        value: number;
    }
    interface ArrivalCommittedFieldEvent {
        field: '$.committed';
        value: number;
    }
    function encode(obj: Partial<Arrival>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Arrival>): Arrival;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Arrival>): Generator<ArrivalNumberFieldEvent | ArrivalHashFieldEvent | ArrivalFromFieldEvent | ArrivalOriginFieldEvent | ArrivalReceivedFieldEvent | ArrivalVerifiedFieldEvent | ArrivalCommittedFieldEvent>;
}
export interface JourneyAnswer {
    channel: Uint8Array<ArrayBuffer>;
    arrivals: Arrival[];
}
export declare namespace JourneyAnswer {
    const codec: () => Codec<JourneyAnswer>;
    interface JourneyAnswerChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface JourneyAnswerArrivalsNumberFieldEvent {
        field: '$.arrivals[].number';
        value: number;
        index: number;
    }
    interface JourneyAnswerArrivalsHashFieldEvent {
        field: '$.arrivals[].hash';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface JourneyAnswerArrivalsFromFieldEvent {
        field: '$.arrivals[].from';
        value: string;
        index: number;
    }
    interface JourneyAnswerArrivalsOriginFieldEvent {
        field: '$.arrivals[].origin';
        value: number;
        index: number;
    }
    interface JourneyAnswerArrivalsReceivedFieldEvent {
        field: '$.arrivals[].received';
        value: number;
        index: number;
    }
    interface JourneyAnswerArrivalsVerifiedFieldEvent {
        field: '$.arrivals[].verified';
        value: number;
        index: number;
    }
    interface JourneyAnswerArrivalsCommittedFieldEvent {
        field: '$.arrivals[].committed';
        value: number;
        index: number;
    }
    function encode(obj: Partial<JourneyAnswer>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JourneyAnswer>): JourneyAnswer;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<JourneyAnswer>): Generator<JourneyAnswerChannelFieldEvent | JourneyAnswerArrivalsNumberFieldEvent | JourneyAnswerArrivalsHashFieldEvent | JourneyAnswerArrivalsFromFieldEvent | JourneyAnswerArrivalsOriginFieldEvent | JourneyAnswerArrivalsReceivedFieldEvent | JourneyAnswerArrivalsVerifiedFieldEvent | JourneyAnswerArrivalsCommittedFieldEvent>;
}
export interface Frame {
    alive?: AliveBatch;
    membershipRequest?: MembershipRequest;
    membershipResponse?: MembershipResponse;
    stateInfo?: StateInfoBatch;
    block?: PushBlock;
    advert?: Advert;
    want?: Want;
    cut?: CutNotice;
    chunk?: Chunk;
    chunkWant?: ChunkWant;
    identityWant?: IdentityWant;
    identities?: Identities;
    ping?: Ping;
    pingRequest?: PingRequest;
    pong?: Pong;
    accusations?: Accusations;
    userEvents?: UserEvents;
    eventSync?: EventSync;
    repairStep?: RepairStep;
    repairProgress?: RepairProgress;
    repairReport?: RepairReport;
    syn?: Syn;
    ack?: Ack;
    ack2?: Ack2;
    relayQuestion?: RelayQuestion;
    relayAnswer?: RelayAnswer;
    forkProof?: ForkProof;
    journeyQuestion?: JourneyQuestion;
    journeyAnswer?: JourneyAnswer;
}
export declare namespace Frame {
    const codec: () => Codec<Frame>;
    interface FrameAliveMembersAlivePayloadFieldEvent {
        field: '$.alive.members[].alive.payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameAliveMembersAliveSignatureFieldEvent {
        field: '$.alive.members[].alive.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameAliveMembersInternalPayloadFieldEvent {
        field: '$.alive.members[].internal.payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameAliveMembersInternalSignatureFieldEvent {
        field: '$.alive.members[].internal.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameMembershipRequestSelfAlivePayloadFieldEvent {
        field: '$.membershipRequest.self.alive.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameMembershipRequestSelfAliveSignatureFieldEvent {
        field: '$.membershipRequest.self.alive.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameMembershipRequestSelfInternalPayloadFieldEvent {
        field: '$.membershipRequest.self.internal.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameMembershipRequestSelfInternalSignatureFieldEvent {
        field: '$.membershipRequest.self.internal.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameMembershipRequestViewHashFieldEvent {
        field: '$.membershipRequest.viewHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameMembershipResponseMembersAlivePayloadFieldEvent {
        field: '$.membershipResponse.members[].alive.payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameMembershipResponseMembersAliveSignatureFieldEvent {
        field: '$.membershipResponse.members[].alive.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameMembershipResponseMembersInternalPayloadFieldEvent {
        field: '$.membershipResponse.members[].internal.payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameMembershipResponseMembersInternalSignatureFieldEvent {
        field: '$.membershipResponse.members[].internal.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameStateInfoChannelFieldEvent {
        field: '$.stateInfo.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameStateInfoStatementsPayloadFieldEvent {
        field: '$.stateInfo.statements[].payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameStateInfoStatementsSignatureFieldEvent {
        field: '$.stateInfo.statements[].signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameBlockChannelFieldEvent {
        field: '$.block.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameBlockBlockFieldEvent {
        field: '$.block.block';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameBlockSpreadStepFieldEvent {
        field: '$.block.spread.step';
        value: number;
    }
    interface FrameBlockSpreadWidthFieldEvent {
        field: '$.block.spread.width';
        value: number;
    }
    interface FrameBlockSpreadSeedFieldEvent {
        field: '$.block.spread.seed';
        value: number;
    }
    interface FrameAdvertChannelFieldEvent {
        field: '$.advert.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameAdvertHeightFieldEvent {
        field: '$.advert.height';
        value: number;
    }
    interface FrameAdvertBlocksNumberFieldEvent {
        field: '$.advert.blocks[].number';
        value: number;
        index: number;
    }
    interface FrameAdvertBlocksHashFieldEvent {
        field: '$.advert.blocks[].hash';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameAdvertBlocksBlockBytesFieldEvent {
        field: '$.advert.blocks[].blockBytes';
        value: number;
        index: number;
    }
    interface FrameWantChannelFieldEvent {
        field: '$.want.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameWantNumberFieldEvent {
        field: '$.want.number';
        value: number;
    }
    interface FrameWantHashFieldEvent {
        field: '$.want.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameCutCutterFieldEvent {
        field: '$.cut.cutter';
        value: string;
    }
    interface FrameCutStatementPayloadFieldEvent {
        field: '$.cut.statement.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameCutStatementSignatureFieldEvent {
        field: '$.cut.statement.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameChunkCutFieldEvent {
        field: '$.chunk.cut';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameChunkLaneFieldEvent {
        field: '$.chunk.lane';
        value: number;
    }
    interface FrameChunkRoundFieldEvent {
        field: '$.chunk.round';
        value: number;
    }
    interface FrameChunkDataFieldEvent {
        field: '$.chunk.data';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameChunkProofLeavesFieldEvent {
        field: '$.chunk.proof.leaves';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameChunkProofPathFieldEvent {
        field: '$.chunk.proof.path';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameChunkSpreadStepFieldEvent {
        field: '$.chunk.spread.step';
        value: number;
    }
    interface FrameChunkSpreadWidthFieldEvent {
        field: '$.chunk.spread.width';
        value: number;
    }
    interface FrameChunkSpreadSeedFieldEvent {
        field: '$.chunk.spread.seed';
        value: number;
    }
    interface FrameChunkServedFieldEvent {
        field: '$.chunk.served[]';
        index: number;
        value: number;
    }
    interface FrameChunkWantChannelFieldEvent {
        field: '$.chunkWant.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameChunkWantCutFieldEvent {
        field: '$.chunkWant.cut';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameChunkWantPresentFieldEvent {
        field: '$.chunkWant.present';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameChunkWantNeededFieldEvent {
        field: '$.chunkWant.needed';
        value: number;
    }
    interface FrameIdentityWantIdsFieldEvent {
        field: '$.identityWant.ids[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameIdentitiesIdentitiesPeerFieldEvent {
        field: '$.identities.identities[].peer';
        value: string;
        index: number;
    }
    interface FrameIdentitiesIdentitiesIdentityFieldEvent {
        field: '$.identities.identities[].identity';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FramePingIdFieldEvent {
        field: '$.ping.id';
        value: number;
    }
    interface FramePingAccusationPayloadFieldEvent {
        field: '$.ping.accusation.payload';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FramePingAccusationSignatureFieldEvent {
        field: '$.ping.accusation.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FramePingRequestIdFieldEvent {
        field: '$.pingRequest.id';
        value: number;
    }
    interface FramePingRequestPeerFieldEvent {
        field: '$.pingRequest.peer';
        value: string;
    }
    interface FramePongIdFieldEvent {
        field: '$.pong.id';
        value: number;
    }
    interface FramePongIsSilentFieldEvent {
        field: '$.pong.isSilent';
        value: boolean;
    }
    interface FrameAccusationsStatementsPayloadFieldEvent {
        field: '$.accusations.statements[].payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameAccusationsStatementsSignatureFieldEvent {
        field: '$.accusations.statements[].signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameUserEventsEventsEventPayloadFieldEvent {
        field: '$.userEvents.events[].event.payload';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameUserEventsEventsEventSignatureFieldEvent {
        field: '$.userEvents.events[].event.signature';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameUserEventsEventsAgeSecondsFieldEvent {
        field: '$.userEvents.events[].ageSeconds';
        value: number;
        index: number;
    }
    interface FrameEventSyncHashFieldEvent {
        field: '$.eventSync.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameEventSyncHeldIdsFieldEvent {
        field: '$.eventSync.held.ids';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameEventSyncHeldAsksBackFieldEvent {
        field: '$.eventSync.held.asksBack';
        value: boolean;
    }
    interface FrameRepairStepChannelFieldEvent {
        field: '$.repairStep.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRepairStepRingFieldEvent {
        field: '$.repairStep.ring';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRepairStepHopFieldEvent {
        field: '$.repairStep.hop';
        value: number;
    }
    interface FrameRepairStepSourceFieldEvent {
        field: '$.repairStep.source';
        value: string;
    }
    interface FrameRepairStepVerifyFieldEvent {
        field: '$.repairStep.verify';
        value: boolean;
    }
    interface FrameRepairProgressChannelFieldEvent {
        field: '$.repairProgress.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRepairProgressRingFieldEvent {
        field: '$.repairProgress.ring';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRepairProgressHopFieldEvent {
        field: '$.repairProgress.hop';
        value: number;
    }
    interface FrameRepairProgressDoneFieldEvent {
        field: '$.repairProgress.done';
        value: number;
    }
    interface FrameRepairReportChannelFieldEvent {
        field: '$.repairReport.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRepairReportRingFieldEvent {
        field: '$.repairReport.ring';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRepairReportHopFieldEvent {
        field: '$.repairReport.hop';
        value: number;
    }
    interface FrameRepairReportHeightBeforeFieldEvent {
        field: '$.repairReport.heightBefore';
        value: number;
    }
    interface FrameRepairReportHeightAfterFieldEvent {
        field: '$.repairReport.heightAfter';
        value: number;
    }
    interface FrameRepairReportTipHashFieldEvent {
        field: '$.repairReport.tipHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRepairReportCopiedFieldEvent {
        field: '$.repairReport.copied';
        value: number;
    }
    interface FrameRepairReportDamagedFieldEvent {
        field: '$.repairReport.damaged[]';
        index: number;
        value: number;
    }
    interface FrameRepairReportMendedFieldEvent {
        field: '$.repairReport.mended[]';
        index: number;
        value: number;
    }
    interface FrameRepairReportVerifiedFieldEvent {
        field: '$.repairReport.verified';
        value: boolean;
    }
    interface FrameRepairReportMoreFieldEvent {
        field: '$.repairReport.more';
        value: boolean;
    }
    interface FrameRepairReportFailureFieldEvent {
        field: '$.repairReport.failure';
        value: string;
    }
    interface FrameSynChannelFieldEvent {
        field: '$.syn.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameSynSessionFieldEvent {
        field: '$.syn.session';
        value: number;
    }
    interface FrameSynDigestHeightFieldEvent {
        field: '$.syn.digest.height';
        value: number;
    }
    interface FrameSynDigestEarlyFieldEvent {
        field: '$.syn.digest.early[]';
        index: number;
        value: number;
    }
    interface FrameSynDigestTipHashFieldEvent {
        field: '$.syn.digest.tipHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameSynEndFieldEvent {
        field: '$.syn.end';
        value: number;
    }
    interface FrameSynGivesFieldEvent {
        field: '$.syn.gives';
        value: boolean;
    }
    interface FrameAckChannelFieldEvent {
        field: '$.ack.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameAckSessionFieldEvent {
        field: '$.ack.session';
        value: number;
    }
    interface FrameAckDigestHeightFieldEvent {
        field: '$.ack.digest.height';
        value: number;
    }
    interface FrameAckDigestEarlyFieldEvent {
        field: '$.ack.digest.early[]';
        index: number;
        value: number;
    }
    interface FrameAckDigestTipHashFieldEvent {
        field: '$.ack.digest.tipHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameAckEndFieldEvent {
        field: '$.ack.end';
        value: number;
    }
    interface FrameAckBlocksFieldEvent {
        field: '$.ack.blocks[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameAck2ChannelFieldEvent {
        field: '$.ack2.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameAck2SessionFieldEvent {
        field: '$.ack2.session';
        value: number;
    }
    interface FrameAck2BlocksFieldEvent {
        field: '$.ack2.blocks[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRelayQuestionChannelFieldEvent {
        field: '$.relayQuestion.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRelayQuestionNumberFieldEvent {
        field: '$.relayQuestion.number';
        value: number;
    }
    interface FrameRelayQuestionHashFieldEvent {
        field: '$.relayQuestion.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRelayAnswerChannelFieldEvent {
        field: '$.relayAnswer.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRelayAnswerNumberFieldEvent {
        field: '$.relayAnswer.number';
        value: number;
    }
    interface FrameRelayAnswerHashFieldEvent {
        field: '$.relayAnswer.hash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameRelayAnswerCameFieldEvent {
        field: '$.relayAnswer.came';
        value: boolean;
    }
    interface FrameForkProofChannelFieldEvent {
        field: '$.forkProof.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameForkProofFirstFieldEvent {
        field: '$.forkProof.first';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameForkProofSecondFieldEvent {
        field: '$.forkProof.second';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameJourneyQuestionChannelFieldEvent {
        field: '$.journeyQuestion.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameJourneyQuestionFirstFieldEvent {
        field: '$.journeyQuestion.first';
        value: number;
    }
    interface FrameJourneyAnswerChannelFieldEvent {
        field: '$.journeyAnswer.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FrameJourneyAnswerArrivalsNumberFieldEvent {
        field: '$.journeyAnswer.arrivals[].number';
        value: number;
        index: number;
    }
    interface FrameJourneyAnswerArrivalsHashFieldEvent {
        field: '$.journeyAnswer.arrivals[].hash';
        value: Uint8Array<ArrayBuffer>;
        index: number;
    }
    interface FrameJourneyAnswerArrivalsFromFieldEvent {
        field: '$.journeyAnswer.arrivals[].from';
        value: string;
        index: number;
    }
    interface FrameJourneyAnswerArrivalsOriginFieldEvent {
        field: '$.journeyAnswer.arrivals[].origin';
        value: number;
        index: number;
    }
    interface FrameJourneyAnswerArrivalsReceivedFieldEvent {
        field: '$.journeyAnswer.arrivals[].received';
        value: number;
        index: number;
    }
    interface FrameJourneyAnswerArrivalsVerifiedFieldEvent {
        field: '$.journeyAnswer.arrivals[].verified';
        value: number;
        index: number;
    }
    interface FrameJourneyAnswerArrivalsCommittedFieldEvent {
        field: '$.journeyAnswer.arrivals[].committed';
        value: number;
        index: number;
    }
    function encode(obj: Partial<Frame>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Frame>): Frame;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Frame>): Generator<FrameAliveMembersAlivePayloadFieldEvent | FrameAliveMembersAliveSignatureFieldEvent | FrameAliveMembersInternalPayloadFieldEvent | FrameAliveMembersInternalSignatureFieldEvent | FrameMembershipRequestSelfAlivePayloadFieldEvent | FrameMembershipRequestSelfAliveSignatureFieldEvent | FrameMembershipRequestSelfInternalPayloadFieldEvent | FrameMembershipRequestSelfInternalSignatureFieldEvent | FrameMembershipRequestViewHashFieldEvent | FrameMembershipResponseMembersAlivePayloadFieldEvent | FrameMembershipResponseMembersAliveSignatureFieldEvent | FrameMembershipResponseMembersInternalPayloadFieldEvent | FrameMembershipResponseMembersInternalSignatureFieldEvent | FrameStateInfoChannelFieldEvent | FrameStateInfoStatementsPayloadFieldEvent | FrameStateInfoStatementsSignatureFieldEvent | FrameBlockChannelFieldEvent | FrameBlockBlockFieldEvent | FrameBlockSpreadStepFieldEvent | FrameBlockSpreadWidthFieldEvent | FrameBlockSpreadSeedFieldEvent | FrameAdvertChannelFieldEvent | FrameAdvertHeightFieldEvent | FrameAdvertBlocksNumberFieldEvent | FrameAdvertBlocksHashFieldEvent | FrameAdvertBlocksBlockBytesFieldEvent | FrameWantChannelFieldEvent | FrameWantNumberFieldEvent | FrameWantHashFieldEvent | FrameCutCutterFieldEvent | FrameCutStatementPayloadFieldEvent | FrameCutStatementSignatureFieldEvent | FrameChunkCutFieldEvent | FrameChunkLaneFieldEvent | FrameChunkRoundFieldEvent | FrameChunkDataFieldEvent | FrameChunkProofLeavesFieldEvent | FrameChunkProofPathFieldEvent | FrameChunkSpreadStepFieldEvent | FrameChunkSpreadWidthFieldEvent | FrameChunkSpreadSeedFieldEvent | FrameChunkServedFieldEvent | FrameChunkWantChannelFieldEvent | FrameChunkWantCutFieldEvent | FrameChunkWantPresentFieldEvent | FrameChunkWantNeededFieldEvent | FrameIdentityWantIdsFieldEvent | FrameIdentitiesIdentitiesPeerFieldEvent | FrameIdentitiesIdentitiesIdentityFieldEvent | FramePingIdFieldEvent | FramePingAccusationPayloadFieldEvent | FramePingAccusationSignatureFieldEvent | FramePingRequestIdFieldEvent | FramePingRequestPeerFieldEvent | FramePongIdFieldEvent | FramePongIsSilentFieldEvent | FrameAccusationsStatementsPayloadFieldEvent | FrameAccusationsStatementsSignatureFieldEvent | FrameUserEventsEventsEventPayloadFieldEvent | FrameUserEventsEventsEventSignatureFieldEvent | FrameUserEventsEventsAgeSecondsFieldEvent | FrameEventSyncHashFieldEvent | FrameEventSyncHeldIdsFieldEvent | FrameEventSyncHeldAsksBackFieldEvent | FrameRepairStepChannelFieldEvent | FrameRepairStepRingFieldEvent | FrameRepairStepHopFieldEvent | FrameRepairStepSourceFieldEvent | FrameRepairStepVerifyFieldEvent | FrameRepairProgressChannelFieldEvent | FrameRepairProgressRingFieldEvent | FrameRepairProgressHopFieldEvent | FrameRepairProgressDoneFieldEvent | FrameRepairReportChannelFieldEvent | FrameRepairReportRingFieldEvent | FrameRepairReportHopFieldEvent | FrameRepairReportHeightBeforeFieldEvent | FrameRepairReportHeightAfterFieldEvent | FrameRepairReportTipHashFieldEvent | FrameRepairReportCopiedFieldEvent | FrameRepairReportDamagedFieldEvent | FrameRepairReportMendedFieldEvent | FrameRepairReportVerifiedFieldEvent | FrameRepairReportMoreFieldEvent | FrameRepairReportFailureFieldEvent | FrameSynChannelFieldEvent | FrameSynSessionFieldEvent | FrameSynDigestHeightFieldEvent | FrameSynDigestEarlyFieldEvent | FrameSynDigestTipHashFieldEvent | FrameSynEndFieldEvent | FrameSynGivesFieldEvent | FrameAckChannelFieldEvent | FrameAckSessionFieldEvent | FrameAckDigestHeightFieldEvent | FrameAckDigestEarlyFieldEvent | FrameAckDigestTipHashFieldEvent | FrameAckEndFieldEvent | FrameAckBlocksFieldEvent | FrameAck2ChannelFieldEvent | FrameAck2SessionFieldEvent | FrameAck2BlocksFieldEvent | FrameRelayQuestionChannelFieldEvent | FrameRelayQuestionNumberFieldEvent | FrameRelayQuestionHashFieldEvent | FrameRelayAnswerChannelFieldEvent | FrameRelayAnswerNumberFieldEvent | FrameRelayAnswerHashFieldEvent | FrameRelayAnswerCameFieldEvent | FrameForkProofChannelFieldEvent | FrameForkProofFirstFieldEvent | FrameForkProofSecondFieldEvent | FrameJourneyQuestionChannelFieldEvent | FrameJourneyQuestionFirstFieldEvent | FrameJourneyAnswerChannelFieldEvent | FrameJourneyAnswerArrivalsNumberFieldEvent | FrameJourneyAnswerArrivalsHashFieldEvent | FrameJourneyAnswerArrivalsFromFieldEvent | FrameJourneyAnswerArrivalsOriginFieldEvent | FrameJourneyAnswerArrivalsReceivedFieldEvent | FrameJourneyAnswerArrivalsVerifiedFieldEvent | FrameJourneyAnswerArrivalsCommittedFieldEvent>;
}
export interface Digest {
    height: number;
    early: number[];
    tipHash: Uint8Array<ArrayBuffer>;
}
export declare namespace Digest {
    const codec: () => Codec<Digest>;
    interface DigestHeightFieldEvent {
        field: '$.height';
        value: number;
    }
    interface DigestEarlyFieldEvent {
        field: '$.early[]';
        index: number;
        value: number;
    }
    interface DigestTipHashFieldEvent {
        field: '$.tipHash';
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Digest>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Digest>): Digest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Digest>): Generator<DigestHeightFieldEvent | DigestEarlyFieldEvent | DigestTipHashFieldEvent>;
}
export interface Syn {
    channel: Uint8Array<ArrayBuffer>;
    session: number;
    digest?: Digest;
    end: number;
    gives: boolean;
}
export declare namespace Syn {
    const codec: () => Codec<Syn>;
    interface SynChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface SynSessionFieldEvent {
        field: '$.session';
        value: number;
    }
    interface SynDigestHeightFieldEvent {
        field: '$.digest.height';
        value: number;
    }
    interface SynDigestEarlyFieldEvent {
        field: '$.digest.early[]';
        index: number;
        value: number;
    }
    interface SynDigestTipHashFieldEvent {
        field: '$.digest.tipHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface SynEndFieldEvent {
        field: '$.end';
        value: number;
    }
    interface SynGivesFieldEvent {
        field: '$.gives';
        value: boolean;
    }
    function encode(obj: Partial<Syn>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Syn>): Syn;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Syn>): Generator<SynChannelFieldEvent | SynSessionFieldEvent | SynDigestHeightFieldEvent | SynDigestEarlyFieldEvent | SynDigestTipHashFieldEvent | SynEndFieldEvent | SynGivesFieldEvent>;
}
export interface Ack {
    channel: Uint8Array<ArrayBuffer>;
    session: number;
    digest?: Digest;
    end: number;
    blocks: Uint8Array<ArrayBuffer>[];
}
export declare namespace Ack {
    const codec: () => Codec<Ack>;
    interface AckChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AckSessionFieldEvent {
        field: '$.session';
        value: number;
    }
    interface AckDigestHeightFieldEvent {
        field: '$.digest.height';
        value: number;
    }
    interface AckDigestEarlyFieldEvent {
        field: '$.digest.early[]';
        index: number;
        value: number;
    }
    interface AckDigestTipHashFieldEvent {
        field: '$.digest.tipHash';
        value: Uint8Array<ArrayBuffer>;
    }
    interface AckEndFieldEvent {
        field: '$.end';
        value: number;
    }
    interface AckBlocksFieldEvent {
        field: '$.blocks[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Ack>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ack>): Ack;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ack>): Generator<AckChannelFieldEvent | AckSessionFieldEvent | AckDigestHeightFieldEvent | AckDigestEarlyFieldEvent | AckDigestTipHashFieldEvent | AckEndFieldEvent | AckBlocksFieldEvent>;
}
export interface Ack2 {
    channel: Uint8Array<ArrayBuffer>;
    session: number;
    blocks: Uint8Array<ArrayBuffer>[];
}
export declare namespace Ack2 {
    const codec: () => Codec<Ack2>;
    interface Ack2ChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface Ack2SessionFieldEvent {
        field: '$.session';
        value: number;
    }
    interface Ack2BlocksFieldEvent {
        field: '$.blocks[]';
        index: number;
        value: Uint8Array<ArrayBuffer>;
    }
    function encode(obj: Partial<Ack2>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ack2>): Ack2;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Ack2>): Generator<Ack2ChannelFieldEvent | Ack2SessionFieldEvent | Ack2BlocksFieldEvent>;
}
export interface FetchRequest {
    channel: Uint8Array<ArrayBuffer>;
    blocks?: Range;
}
export declare namespace FetchRequest {
    const codec: () => Codec<FetchRequest>;
    interface FetchRequestChannelFieldEvent {
        field: '$.channel';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FetchRequestBlocksFirstFieldEvent {
        field: '$.blocks.first';
        value: number;
    }
    interface FetchRequestBlocksEndFieldEvent {
        field: '$.blocks.end';
        value: number;
    }
    function encode(obj: Partial<FetchRequest>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<FetchRequest>): FetchRequest;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<FetchRequest>): Generator<FetchRequestChannelFieldEvent | FetchRequestBlocksFirstFieldEvent | FetchRequestBlocksEndFieldEvent>;
}
export interface Range {
    first: number;
    end: number;
}
export declare namespace Range {
    const codec: () => Codec<Range>;
    interface RangeFirstFieldEvent {
        field: '$.first';
        value: number;
    }
    interface RangeEndFieldEvent {
        field: '$.end';
        value: number;
    }
    function encode(obj: Partial<Range>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Range>): Range;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Range>): Generator<RangeFirstFieldEvent | RangeEndFieldEvent>;
}
export interface FetchReply {
    block?: Uint8Array<ArrayBuffer>;
    refusal?: string;
}
export declare namespace FetchReply {
    const codec: () => Codec<FetchReply>;
    interface FetchReplyBlockFieldEvent {
        field: '$.block';
        value: Uint8Array<ArrayBuffer>;
    }
    interface FetchReplyRefusalFieldEvent {
        field: '$.refusal';
        value: string;
    }
    function encode(obj: Partial<FetchReply>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<FetchReply>): FetchReply;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<FetchReply>): Generator<FetchReplyBlockFieldEvent | FetchReplyRefusalFieldEvent>;
}
export interface Handshake {
    nonce: Uint8Array<ArrayBuffer>;
    identity: Uint8Array<ArrayBuffer>;
    signature: Uint8Array<ArrayBuffer>;
    refusal: string;
}
export declare namespace Handshake {
    const codec: () => Codec<Handshake>;
    interface HandshakeNonceFieldEvent {
        field: '$.nonce';
        value: Uint8Array<ArrayBuffer>;
    }
    interface HandshakeIdentityFieldEvent {
        field: '$.identity';
        value: Uint8Array<ArrayBuffer>;
    }
    interface HandshakeSignatureFieldEvent {
        field: '$.signature';
        value: Uint8Array<ArrayBuffer>;
    }
    interface HandshakeRefusalFieldEvent {
        field: '$.refusal';
        value: string;
    }
    function encode(obj: Partial<Handshake>): Uint8Array<ArrayBuffer>;
    function decode(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Handshake>): Handshake;
    function stream(buf: Uint8Array | Uint8ArrayList, opts?: DecodeOptions<Handshake>): Generator<HandshakeNonceFieldEvent | HandshakeIdentityFieldEvent | HandshakeSignatureFieldEvent | HandshakeRefusalFieldEvent>;
}
