import { decodeMessage, encodeMessage, MaxLengthError, message, streamMessage } from 'protons-runtime';
import { alloc as uint8ArrayAlloc } from 'uint8arrays/alloc';
export var Signed;
(function (Signed) {
    let _codec;
    Signed.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.payload != null && obj.payload.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.payload);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.signature);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    payload: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.payload = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.signature = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.payload`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.signature`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Signed.codec());
    }
    Signed.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Signed.codec(), opts);
    }
    Signed.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Signed.codec(), opts);
    }
    Signed.stream = stream;
})(Signed || (Signed = {}));
export var Alive;
(function (Alive) {
    let _codec;
    Alive.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.peer != null && obj.peer !== '')) {
                    w.uint32(10);
                    w.string(obj.peer);
                }
                if ((obj.incarnation != null && obj.incarnation !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.incarnation);
                }
                if ((obj.sequence != null && obj.sequence !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.sequence);
                }
                if ((obj.left != null && obj.left !== false)) {
                    w.uint32(32);
                    w.bool(obj.left);
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(42);
                    w.string(obj.name);
                }
                if (obj.addresses != null && obj.addresses.length > 0) {
                    for (const value of obj.addresses) {
                        w.uint32(50);
                        w.string(value);
                    }
                }
                if (obj.channelTags != null && obj.channelTags.length > 0) {
                    for (const value of obj.channelTags) {
                        w.uint32(58);
                        w.bytes(value);
                    }
                }
                if ((obj.identity != null && obj.identity.byteLength > 0)) {
                    w.uint32(66);
                    w.bytes(obj.identity);
                }
                if (obj.tags != null && obj.tags.length > 0) {
                    for (const value of obj.tags) {
                        w.uint32(74);
                        w.string(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    peer: '',
                    incarnation: 0,
                    sequence: 0,
                    left: false,
                    name: '',
                    addresses: [],
                    channelTags: [],
                    identity: uint8ArrayAlloc(0),
                    tags: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.peer = reader.string();
                            break;
                        }
                        case 2: {
                            obj.incarnation = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            obj.sequence = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            obj.left = reader.bool();
                            break;
                        }
                        case 5: {
                            obj.name = reader.string();
                            break;
                        }
                        case 6: {
                            if (opts.limits?.addresses != null && obj.addresses.length === opts.limits.addresses) {
                                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements');
                            }
                            obj.addresses.push(reader.string());
                            break;
                        }
                        case 7: {
                            if (opts.limits?.channelTags != null && obj.channelTags.length === opts.limits.channelTags) {
                                throw new MaxLengthError('Decode error - repeated field "channelTags" had too many elements');
                            }
                            obj.channelTags.push(reader.bytes());
                            break;
                        }
                        case 8: {
                            obj.identity = reader.bytes();
                            break;
                        }
                        case 9: {
                            if (opts.limits?.tags != null && obj.tags.length === opts.limits.tags) {
                                throw new MaxLengthError('Decode error - repeated field "tags" had too many elements');
                            }
                            obj.tags.push(reader.string());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    addresses: 0,
                    channelTags: 0,
                    tags: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.peer`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.incarnation`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.sequence`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.left`,
                                value: reader.bool()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.name`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 6: {
                            if (opts.limits?.addresses != null && obj.addresses === opts.limits.addresses) {
                                throw new MaxLengthError('Streaming decode error - repeated field "addresses" had too many elements');
                            }
                            yield {
                                field: `${prefix}.addresses[]`,
                                index: obj.addresses,
                                value: reader.string()
                            };
                            obj.addresses++;
                            break;
                        }
                        case 7: {
                            if (opts.limits?.channelTags != null && obj.channelTags === opts.limits.channelTags) {
                                throw new MaxLengthError('Streaming decode error - repeated field "channelTags" had too many elements');
                            }
                            yield {
                                field: `${prefix}.channelTags[]`,
                                index: obj.channelTags,
                                value: reader.bytes()
                            };
                            obj.channelTags++;
                            break;
                        }
                        case 8: {
                            yield {
                                field: `${prefix}.identity`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 9: {
                            if (opts.limits?.tags != null && obj.tags === opts.limits.tags) {
                                throw new MaxLengthError('Streaming decode error - repeated field "tags" had too many elements');
                            }
                            yield {
                                field: `${prefix}.tags[]`,
                                index: obj.tags,
                                value: reader.string()
                            };
                            obj.tags++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Alive.codec());
    }
    Alive.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Alive.codec(), opts);
    }
    Alive.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Alive.codec(), opts);
    }
    Alive.stream = stream;
})(Alive || (Alive = {}));
export var Internal;
(function (Internal) {
    let _codec;
    Internal.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.peer != null && obj.peer !== '')) {
                    w.uint32(10);
                    w.string(obj.peer);
                }
                if ((obj.incarnation != null && obj.incarnation !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.incarnation);
                }
                if ((obj.sequence != null && obj.sequence !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.sequence);
                }
                if (obj.addresses != null && obj.addresses.length > 0) {
                    for (const value of obj.addresses) {
                        w.uint32(34);
                        w.string(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    peer: '',
                    incarnation: 0,
                    sequence: 0,
                    addresses: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.peer = reader.string();
                            break;
                        }
                        case 2: {
                            obj.incarnation = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            obj.sequence = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            if (opts.limits?.addresses != null && obj.addresses.length === opts.limits.addresses) {
                                throw new MaxLengthError('Decode error - repeated field "addresses" had too many elements');
                            }
                            obj.addresses.push(reader.string());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    addresses: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.peer`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.incarnation`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.sequence`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 4: {
                            if (opts.limits?.addresses != null && obj.addresses === opts.limits.addresses) {
                                throw new MaxLengthError('Streaming decode error - repeated field "addresses" had too many elements');
                            }
                            yield {
                                field: `${prefix}.addresses[]`,
                                index: obj.addresses,
                                value: reader.string()
                            };
                            obj.addresses++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Internal.codec());
    }
    Internal.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Internal.codec(), opts);
    }
    Internal.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Internal.codec(), opts);
    }
    Internal.stream = stream;
})(Internal || (Internal = {}));
export var StateInfo;
(function (StateInfo) {
    let _codec;
    StateInfo.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.peer != null && obj.peer !== '')) {
                    w.uint32(10);
                    w.string(obj.peer);
                }
                if ((obj.incarnation != null && obj.incarnation !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.incarnation);
                }
                if ((obj.sequence != null && obj.sequence !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.sequence);
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.channel);
                }
                if ((obj.height != null && obj.height !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.height);
                }
                if ((obj.hasSource != null && obj.hasSource !== false)) {
                    w.uint32(48);
                    w.bool(obj.hasSource);
                }
                if ((obj.leads != null && obj.leads !== false)) {
                    w.uint32(56);
                    w.bool(obj.leads);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    peer: '',
                    incarnation: 0,
                    sequence: 0,
                    channel: uint8ArrayAlloc(0),
                    height: 0,
                    hasSource: false,
                    leads: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.peer = reader.string();
                            break;
                        }
                        case 2: {
                            obj.incarnation = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            obj.sequence = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 5: {
                            obj.height = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            obj.hasSource = reader.bool();
                            break;
                        }
                        case 7: {
                            obj.leads = reader.bool();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.peer`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.incarnation`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.sequence`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.height`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.hasSource`,
                                value: reader.bool()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.leads`,
                                value: reader.bool()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, StateInfo.codec());
    }
    StateInfo.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, StateInfo.codec(), opts);
    }
    StateInfo.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, StateInfo.codec(), opts);
    }
    StateInfo.stream = stream;
})(StateInfo || (StateInfo = {}));
export var Accusation;
(function (Accusation) {
    let _codec;
    Accusation.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.peer != null && obj.peer !== '')) {
                    w.uint32(10);
                    w.string(obj.peer);
                }
                if ((obj.accused != null && obj.accused !== '')) {
                    w.uint32(18);
                    w.string(obj.accused);
                }
                if ((obj.incarnation != null && obj.incarnation !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.incarnation);
                }
                if ((obj.sequence != null && obj.sequence !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.sequence);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    peer: '',
                    accused: '',
                    incarnation: 0,
                    sequence: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.peer = reader.string();
                            break;
                        }
                        case 2: {
                            obj.accused = reader.string();
                            break;
                        }
                        case 3: {
                            obj.incarnation = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            obj.sequence = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.peer`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.accused`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.incarnation`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.sequence`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Accusation.codec());
    }
    Accusation.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Accusation.codec(), opts);
    }
    Accusation.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Accusation.codec(), opts);
    }
    Accusation.stream = stream;
})(Accusation || (Accusation = {}));
export var Member;
(function (Member) {
    let _codec;
    Member.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.alive != null) {
                    w.uint32(10);
                    Signed.codec().encode(obj.alive, w);
                }
                if (obj.internal != null) {
                    w.uint32(18);
                    Signed.codec().encode(obj.internal, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.alive = Signed.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.alive
                            });
                            break;
                        }
                        case 2: {
                            obj.internal = Signed.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.internal
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* Signed.codec().stream(reader, reader.uint32(), `${prefix}.alive`, {
                                limits: opts.limits?.alive
                            });
                            break;
                        }
                        case 2: {
                            yield* Signed.codec().stream(reader, reader.uint32(), `${prefix}.internal`, {
                                limits: opts.limits?.internal
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Member.codec());
    }
    Member.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Member.codec(), opts);
    }
    Member.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Member.codec(), opts);
    }
    Member.stream = stream;
})(Member || (Member = {}));
export var AliveBatch;
(function (AliveBatch) {
    let _codec;
    AliveBatch.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.members != null && obj.members.length > 0) {
                    for (const value of obj.members) {
                        w.uint32(10);
                        Member.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    members: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.members != null && obj.members.length === opts.limits.members) {
                                throw new MaxLengthError('Decode error - repeated field "members" had too many elements');
                            }
                            obj.members.push(Member.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.members$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    members: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.members != null && obj.members === opts.limits.members) {
                                throw new MaxLengthError('Streaming decode error - repeated field "members" had too many elements');
                            }
                            for (const evt of Member.codec().stream(reader, reader.uint32(), `${prefix}.members[]`, {
                                limits: opts.limits?.members$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.members
                                };
                            }
                            obj.members++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, AliveBatch.codec());
    }
    AliveBatch.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, AliveBatch.codec(), opts);
    }
    AliveBatch.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, AliveBatch.codec(), opts);
    }
    AliveBatch.stream = stream;
})(AliveBatch || (AliveBatch = {}));
export var MembershipRequest;
(function (MembershipRequest) {
    let _codec;
    MembershipRequest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.self != null) {
                    w.uint32(10);
                    Member.codec().encode(obj.self, w);
                }
                if ((obj.viewHash != null && obj.viewHash.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.viewHash);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    viewHash: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.self = Member.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.self
                            });
                            break;
                        }
                        case 2: {
                            obj.viewHash = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* Member.codec().stream(reader, reader.uint32(), `${prefix}.self`, {
                                limits: opts.limits?.self
                            });
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.viewHash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, MembershipRequest.codec());
    }
    MembershipRequest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, MembershipRequest.codec(), opts);
    }
    MembershipRequest.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, MembershipRequest.codec(), opts);
    }
    MembershipRequest.stream = stream;
})(MembershipRequest || (MembershipRequest = {}));
export var MembershipResponse;
(function (MembershipResponse) {
    let _codec;
    MembershipResponse.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.members != null && obj.members.length > 0) {
                    for (const value of obj.members) {
                        w.uint32(10);
                        Member.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    members: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.members != null && obj.members.length === opts.limits.members) {
                                throw new MaxLengthError('Decode error - repeated field "members" had too many elements');
                            }
                            obj.members.push(Member.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.members$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    members: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.members != null && obj.members === opts.limits.members) {
                                throw new MaxLengthError('Streaming decode error - repeated field "members" had too many elements');
                            }
                            for (const evt of Member.codec().stream(reader, reader.uint32(), `${prefix}.members[]`, {
                                limits: opts.limits?.members$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.members
                                };
                            }
                            obj.members++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, MembershipResponse.codec());
    }
    MembershipResponse.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, MembershipResponse.codec(), opts);
    }
    MembershipResponse.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, MembershipResponse.codec(), opts);
    }
    MembershipResponse.stream = stream;
})(MembershipResponse || (MembershipResponse = {}));
export var Accusations;
(function (Accusations) {
    let _codec;
    Accusations.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.statements != null && obj.statements.length > 0) {
                    for (const value of obj.statements) {
                        w.uint32(10);
                        Signed.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    statements: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.statements != null && obj.statements.length === opts.limits.statements) {
                                throw new MaxLengthError('Decode error - repeated field "statements" had too many elements');
                            }
                            obj.statements.push(Signed.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.statements$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    statements: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.statements != null && obj.statements === opts.limits.statements) {
                                throw new MaxLengthError('Streaming decode error - repeated field "statements" had too many elements');
                            }
                            for (const evt of Signed.codec().stream(reader, reader.uint32(), `${prefix}.statements[]`, {
                                limits: opts.limits?.statements$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.statements
                                };
                            }
                            obj.statements++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Accusations.codec());
    }
    Accusations.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Accusations.codec(), opts);
    }
    Accusations.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Accusations.codec(), opts);
    }
    Accusations.stream = stream;
})(Accusations || (Accusations = {}));
export var Ping;
(function (Ping) {
    let _codec;
    Ping.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.id);
                }
                if (obj.accusation != null) {
                    w.uint32(18);
                    Signed.codec().encode(obj.accusation, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.id = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.accusation = Signed.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.accusation
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.id`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield* Signed.codec().stream(reader, reader.uint32(), `${prefix}.accusation`, {
                                limits: opts.limits?.accusation
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Ping.codec());
    }
    Ping.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Ping.codec(), opts);
    }
    Ping.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Ping.codec(), opts);
    }
    Ping.stream = stream;
})(Ping || (Ping = {}));
export var PingRequest;
(function (PingRequest) {
    let _codec;
    PingRequest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.id);
                }
                if ((obj.peer != null && obj.peer !== '')) {
                    w.uint32(18);
                    w.string(obj.peer);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: 0,
                    peer: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.id = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.peer = reader.string();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.id`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.peer`,
                                value: reader.string()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, PingRequest.codec());
    }
    PingRequest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PingRequest.codec(), opts);
    }
    PingRequest.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, PingRequest.codec(), opts);
    }
    PingRequest.stream = stream;
})(PingRequest || (PingRequest = {}));
export var Pong;
(function (Pong) {
    let _codec;
    Pong.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.id != null && obj.id !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.id);
                }
                if ((obj.isSilent != null && obj.isSilent !== false)) {
                    w.uint32(16);
                    w.bool(obj.isSilent);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    id: 0,
                    isSilent: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.id = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.isSilent = reader.bool();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.id`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.isSilent`,
                                value: reader.bool()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Pong.codec());
    }
    Pong.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Pong.codec(), opts);
    }
    Pong.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Pong.codec(), opts);
    }
    Pong.stream = stream;
})(Pong || (Pong = {}));
export var IdentityWant;
(function (IdentityWant) {
    let _codec;
    IdentityWant.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.ids != null && obj.ids.length > 0) {
                    for (const value of obj.ids) {
                        w.uint32(10);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    ids: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.ids != null && obj.ids.length === opts.limits.ids) {
                                throw new MaxLengthError('Decode error - repeated field "ids" had too many elements');
                            }
                            obj.ids.push(reader.bytes());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    ids: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.ids != null && obj.ids === opts.limits.ids) {
                                throw new MaxLengthError('Streaming decode error - repeated field "ids" had too many elements');
                            }
                            yield {
                                field: `${prefix}.ids[]`,
                                index: obj.ids,
                                value: reader.bytes()
                            };
                            obj.ids++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, IdentityWant.codec());
    }
    IdentityWant.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, IdentityWant.codec(), opts);
    }
    IdentityWant.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, IdentityWant.codec(), opts);
    }
    IdentityWant.stream = stream;
})(IdentityWant || (IdentityWant = {}));
export var PeerIdentity;
(function (PeerIdentity) {
    let _codec;
    PeerIdentity.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.peer != null && obj.peer !== '')) {
                    w.uint32(10);
                    w.string(obj.peer);
                }
                if ((obj.identity != null && obj.identity.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.identity);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    peer: '',
                    identity: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.peer = reader.string();
                            break;
                        }
                        case 2: {
                            obj.identity = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.peer`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.identity`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, PeerIdentity.codec());
    }
    PeerIdentity.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PeerIdentity.codec(), opts);
    }
    PeerIdentity.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, PeerIdentity.codec(), opts);
    }
    PeerIdentity.stream = stream;
})(PeerIdentity || (PeerIdentity = {}));
export var Identities;
(function (Identities) {
    let _codec;
    Identities.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.identities != null && obj.identities.length > 0) {
                    for (const value of obj.identities) {
                        w.uint32(10);
                        PeerIdentity.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    identities: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.identities != null && obj.identities.length === opts.limits.identities) {
                                throw new MaxLengthError('Decode error - repeated field "identities" had too many elements');
                            }
                            obj.identities.push(PeerIdentity.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.identities$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    identities: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.identities != null && obj.identities === opts.limits.identities) {
                                throw new MaxLengthError('Streaming decode error - repeated field "identities" had too many elements');
                            }
                            for (const evt of PeerIdentity.codec().stream(reader, reader.uint32(), `${prefix}.identities[]`, {
                                limits: opts.limits?.identities$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.identities
                                };
                            }
                            obj.identities++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Identities.codec());
    }
    Identities.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Identities.codec(), opts);
    }
    Identities.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Identities.codec(), opts);
    }
    Identities.stream = stream;
})(Identities || (Identities = {}));
export var StateInfoBatch;
(function (StateInfoBatch) {
    let _codec;
    StateInfoBatch.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if (obj.statements != null && obj.statements.length > 0) {
                    for (const value of obj.statements) {
                        w.uint32(18);
                        Signed.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    statements: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            if (opts.limits?.statements != null && obj.statements.length === opts.limits.statements) {
                                throw new MaxLengthError('Decode error - repeated field "statements" had too many elements');
                            }
                            obj.statements.push(Signed.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.statements$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    statements: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            if (opts.limits?.statements != null && obj.statements === opts.limits.statements) {
                                throw new MaxLengthError('Streaming decode error - repeated field "statements" had too many elements');
                            }
                            for (const evt of Signed.codec().stream(reader, reader.uint32(), `${prefix}.statements[]`, {
                                limits: opts.limits?.statements$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.statements
                                };
                            }
                            obj.statements++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, StateInfoBatch.codec());
    }
    StateInfoBatch.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, StateInfoBatch.codec(), opts);
    }
    StateInfoBatch.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, StateInfoBatch.codec(), opts);
    }
    StateInfoBatch.stream = stream;
})(StateInfoBatch || (StateInfoBatch = {}));
export var Cut;
(function (Cut) {
    let _codec;
    Cut.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.number != null && obj.number !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.number);
                }
                if ((obj.hash != null && obj.hash.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.hash);
                }
                if ((obj.blockBytes != null && obj.blockBytes !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.blockBytes);
                }
                if ((obj.chunkBytes != null && obj.chunkBytes !== 0)) {
                    w.uint32(40);
                    w.uint32(obj.chunkBytes);
                }
                if ((obj.lanes != null && obj.lanes !== 0)) {
                    w.uint32(48);
                    w.uint32(obj.lanes);
                }
                if ((obj.firstLane != null && obj.firstLane !== 0)) {
                    w.uint32(56);
                    w.uint32(obj.firstLane);
                }
                if ((obj.laneCount != null && obj.laneCount !== 0)) {
                    w.uint32(64);
                    w.uint32(obj.laneCount);
                }
                if ((obj.roots != null && obj.roots.byteLength > 0)) {
                    w.uint32(74);
                    w.bytes(obj.roots);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    number: 0,
                    hash: uint8ArrayAlloc(0),
                    blockBytes: 0,
                    chunkBytes: 0,
                    lanes: 0,
                    firstLane: 0,
                    laneCount: 0,
                    roots: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.number = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            obj.hash = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.blockBytes = reader.uint32();
                            break;
                        }
                        case 5: {
                            obj.chunkBytes = reader.uint32();
                            break;
                        }
                        case 6: {
                            obj.lanes = reader.uint32();
                            break;
                        }
                        case 7: {
                            obj.firstLane = reader.uint32();
                            break;
                        }
                        case 8: {
                            obj.laneCount = reader.uint32();
                            break;
                        }
                        case 9: {
                            obj.roots = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.number`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.hash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.blockBytes`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.chunkBytes`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.lanes`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.firstLane`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 8: {
                            yield {
                                field: `${prefix}.laneCount`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 9: {
                            yield {
                                field: `${prefix}.roots`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Cut.codec());
    }
    Cut.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Cut.codec(), opts);
    }
    Cut.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Cut.codec(), opts);
    }
    Cut.stream = stream;
})(Cut || (Cut = {}));
export var Spread;
(function (Spread) {
    let _codec;
    Spread.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.step != null && obj.step !== 0)) {
                    w.uint32(8);
                    w.uint32(obj.step);
                }
                if ((obj.width != null && obj.width !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.width);
                }
                if ((obj.seed != null && obj.seed !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.seed);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    step: 0,
                    width: 0,
                    seed: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.step = reader.uint32();
                            break;
                        }
                        case 2: {
                            obj.width = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.seed = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.step`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.width`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.seed`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Spread.codec());
    }
    Spread.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Spread.codec(), opts);
    }
    Spread.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Spread.codec(), opts);
    }
    Spread.stream = stream;
})(Spread || (Spread = {}));
export var PushBlock;
(function (PushBlock) {
    let _codec;
    PushBlock.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.block != null && obj.block.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.block);
                }
                if (obj.spread != null) {
                    w.uint32(26);
                    Spread.codec().encode(obj.spread, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    block: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.block = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.spread = Spread.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.spread
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.block`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield* Spread.codec().stream(reader, reader.uint32(), `${prefix}.spread`, {
                                limits: opts.limits?.spread
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, PushBlock.codec());
    }
    PushBlock.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, PushBlock.codec(), opts);
    }
    PushBlock.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, PushBlock.codec(), opts);
    }
    PushBlock.stream = stream;
})(PushBlock || (PushBlock = {}));
export var CutNotice;
(function (CutNotice) {
    let _codec;
    CutNotice.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.cutter != null && obj.cutter !== '')) {
                    w.uint32(10);
                    w.string(obj.cutter);
                }
                if (obj.statement != null) {
                    w.uint32(18);
                    Signed.codec().encode(obj.statement, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    cutter: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.cutter = reader.string();
                            break;
                        }
                        case 2: {
                            obj.statement = Signed.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.statement
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.cutter`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield* Signed.codec().stream(reader, reader.uint32(), `${prefix}.statement`, {
                                limits: opts.limits?.statement
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, CutNotice.codec());
    }
    CutNotice.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, CutNotice.codec(), opts);
    }
    CutNotice.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, CutNotice.codec(), opts);
    }
    CutNotice.stream = stream;
})(CutNotice || (CutNotice = {}));
export var LaneProof;
(function (LaneProof) {
    let _codec;
    LaneProof.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.leaves != null && obj.leaves.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.leaves);
                }
                if ((obj.path != null && obj.path.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.path);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    leaves: uint8ArrayAlloc(0),
                    path: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.leaves = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.path = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.leaves`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.path`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, LaneProof.codec());
    }
    LaneProof.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, LaneProof.codec(), opts);
    }
    LaneProof.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, LaneProof.codec(), opts);
    }
    LaneProof.stream = stream;
})(LaneProof || (LaneProof = {}));
export var Chunk;
(function (Chunk) {
    let _codec;
    Chunk.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.cut != null && obj.cut.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.cut);
                }
                if ((obj.lane != null && obj.lane !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.lane);
                }
                if ((obj.round != null && obj.round !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.round);
                }
                if ((obj.data != null && obj.data.byteLength > 0)) {
                    w.uint32(34);
                    w.bytes(obj.data);
                }
                if (obj.proof != null) {
                    w.uint32(42);
                    LaneProof.codec().encode(obj.proof, w);
                }
                if (obj.spread != null) {
                    w.uint32(50);
                    Spread.codec().encode(obj.spread, w);
                }
                if (obj.served != null && obj.served.length > 0) {
                    for (const value of obj.served) {
                        w.uint32(61);
                        w.fixed32(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    cut: uint8ArrayAlloc(0),
                    lane: 0,
                    round: 0,
                    data: uint8ArrayAlloc(0),
                    served: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.cut = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.lane = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.round = reader.uint32();
                            break;
                        }
                        case 4: {
                            obj.data = reader.bytes();
                            break;
                        }
                        case 5: {
                            obj.proof = LaneProof.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.proof
                            });
                            break;
                        }
                        case 6: {
                            obj.spread = Spread.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.spread
                            });
                            break;
                        }
                        case 7: {
                            if (opts.limits?.served != null && obj.served.length === opts.limits.served) {
                                throw new MaxLengthError('Decode error - repeated field "served" had too many elements');
                            }
                            obj.served.push(reader.fixed32());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    served: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.cut`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.lane`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.round`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.data`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 5: {
                            yield* LaneProof.codec().stream(reader, reader.uint32(), `${prefix}.proof`, {
                                limits: opts.limits?.proof
                            });
                            break;
                        }
                        case 6: {
                            yield* Spread.codec().stream(reader, reader.uint32(), `${prefix}.spread`, {
                                limits: opts.limits?.spread
                            });
                            break;
                        }
                        case 7: {
                            if (opts.limits?.served != null && obj.served === opts.limits.served) {
                                throw new MaxLengthError('Streaming decode error - repeated field "served" had too many elements');
                            }
                            yield {
                                field: `${prefix}.served[]`,
                                index: obj.served,
                                value: reader.fixed32()
                            };
                            obj.served++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Chunk.codec());
    }
    Chunk.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Chunk.codec(), opts);
    }
    Chunk.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Chunk.codec(), opts);
    }
    Chunk.stream = stream;
})(Chunk || (Chunk = {}));
export var ChunkWant;
(function (ChunkWant) {
    let _codec;
    ChunkWant.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.cut != null && obj.cut.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.cut);
                }
                if ((obj.present != null && obj.present.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.present);
                }
                if ((obj.needed != null && obj.needed !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.needed);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    cut: uint8ArrayAlloc(0),
                    present: uint8ArrayAlloc(0),
                    needed: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.cut = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.present = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.needed = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.cut`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.present`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.needed`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ChunkWant.codec());
    }
    ChunkWant.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ChunkWant.codec(), opts);
    }
    ChunkWant.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ChunkWant.codec(), opts);
    }
    ChunkWant.stream = stream;
})(ChunkWant || (ChunkWant = {}));
export var HeldBlock;
(function (HeldBlock) {
    let _codec;
    HeldBlock.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.number != null && obj.number !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.number);
                }
                if ((obj.hash != null && obj.hash.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.hash);
                }
                if ((obj.blockBytes != null && obj.blockBytes !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.blockBytes);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    number: 0,
                    hash: uint8ArrayAlloc(0),
                    blockBytes: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.number = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            obj.hash = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.blockBytes = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.number`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.hash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.blockBytes`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, HeldBlock.codec());
    }
    HeldBlock.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, HeldBlock.codec(), opts);
    }
    HeldBlock.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, HeldBlock.codec(), opts);
    }
    HeldBlock.stream = stream;
})(HeldBlock || (HeldBlock = {}));
export var Advert;
(function (Advert) {
    let _codec;
    Advert.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.height != null && obj.height !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.height);
                }
                if (obj.blocks != null && obj.blocks.length > 0) {
                    for (const value of obj.blocks) {
                        w.uint32(26);
                        HeldBlock.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    height: 0,
                    blocks: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.height = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            if (opts.limits?.blocks != null && obj.blocks.length === opts.limits.blocks) {
                                throw new MaxLengthError('Decode error - repeated field "blocks" had too many elements');
                            }
                            obj.blocks.push(HeldBlock.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.blocks$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    blocks: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.height`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            if (opts.limits?.blocks != null && obj.blocks === opts.limits.blocks) {
                                throw new MaxLengthError('Streaming decode error - repeated field "blocks" had too many elements');
                            }
                            for (const evt of HeldBlock.codec().stream(reader, reader.uint32(), `${prefix}.blocks[]`, {
                                limits: opts.limits?.blocks$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.blocks
                                };
                            }
                            obj.blocks++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Advert.codec());
    }
    Advert.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Advert.codec(), opts);
    }
    Advert.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Advert.codec(), opts);
    }
    Advert.stream = stream;
})(Advert || (Advert = {}));
export var RelayQuestion;
(function (RelayQuestion) {
    let _codec;
    RelayQuestion.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.number != null && obj.number !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.number);
                }
                if ((obj.hash != null && obj.hash.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.hash);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    number: 0,
                    hash: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.number = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            obj.hash = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.number`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.hash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, RelayQuestion.codec());
    }
    RelayQuestion.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, RelayQuestion.codec(), opts);
    }
    RelayQuestion.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, RelayQuestion.codec(), opts);
    }
    RelayQuestion.stream = stream;
})(RelayQuestion || (RelayQuestion = {}));
export var RelayAnswer;
(function (RelayAnswer) {
    let _codec;
    RelayAnswer.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.number != null && obj.number !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.number);
                }
                if ((obj.hash != null && obj.hash.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.hash);
                }
                if ((obj.came != null && obj.came !== false)) {
                    w.uint32(32);
                    w.bool(obj.came);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    number: 0,
                    hash: uint8ArrayAlloc(0),
                    came: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.number = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            obj.hash = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.came = reader.bool();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.number`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.hash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.came`,
                                value: reader.bool()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, RelayAnswer.codec());
    }
    RelayAnswer.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, RelayAnswer.codec(), opts);
    }
    RelayAnswer.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, RelayAnswer.codec(), opts);
    }
    RelayAnswer.stream = stream;
})(RelayAnswer || (RelayAnswer = {}));
export var Want;
(function (Want) {
    let _codec;
    Want.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.number != null && obj.number !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.number);
                }
                if ((obj.hash != null && obj.hash.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.hash);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    number: 0,
                    hash: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.number = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            obj.hash = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.number`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.hash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Want.codec());
    }
    Want.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Want.codec(), opts);
    }
    Want.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Want.codec(), opts);
    }
    Want.stream = stream;
})(Want || (Want = {}));
export var UserEvent;
(function (UserEvent) {
    let _codec;
    UserEvent.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.peer != null && obj.peer !== '')) {
                    w.uint32(10);
                    w.string(obj.peer);
                }
                if ((obj.incarnation != null && obj.incarnation !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.incarnation);
                }
                if ((obj.sequence != null && obj.sequence !== 0)) {
                    w.uint32(24);
                    w.uint64Number(obj.sequence);
                }
                if ((obj.time != null && obj.time !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.time);
                }
                if ((obj.name != null && obj.name !== '')) {
                    w.uint32(42);
                    w.string(obj.name);
                }
                if ((obj.payload != null && obj.payload.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.payload);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    peer: '',
                    incarnation: 0,
                    sequence: 0,
                    time: 0,
                    name: '',
                    payload: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.peer = reader.string();
                            break;
                        }
                        case 2: {
                            obj.incarnation = reader.uint64Number();
                            break;
                        }
                        case 3: {
                            obj.sequence = reader.uint64Number();
                            break;
                        }
                        case 4: {
                            obj.time = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            obj.name = reader.string();
                            break;
                        }
                        case 6: {
                            obj.payload = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.peer`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.incarnation`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.sequence`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.time`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.name`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.payload`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, UserEvent.codec());
    }
    UserEvent.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, UserEvent.codec(), opts);
    }
    UserEvent.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, UserEvent.codec(), opts);
    }
    UserEvent.stream = stream;
})(UserEvent || (UserEvent = {}));
export var ToldEvent;
(function (ToldEvent) {
    let _codec;
    ToldEvent.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.event != null) {
                    w.uint32(10);
                    Signed.codec().encode(obj.event, w);
                }
                if ((obj.ageSeconds != null && obj.ageSeconds !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.ageSeconds);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    ageSeconds: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.event = Signed.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.event
                            });
                            break;
                        }
                        case 2: {
                            obj.ageSeconds = reader.uint32();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* Signed.codec().stream(reader, reader.uint32(), `${prefix}.event`, {
                                limits: opts.limits?.event
                            });
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.ageSeconds`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ToldEvent.codec());
    }
    ToldEvent.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ToldEvent.codec(), opts);
    }
    ToldEvent.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ToldEvent.codec(), opts);
    }
    ToldEvent.stream = stream;
})(ToldEvent || (ToldEvent = {}));
export var UserEvents;
(function (UserEvents) {
    let _codec;
    UserEvents.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if (obj.events != null && obj.events.length > 0) {
                    for (const value of obj.events) {
                        w.uint32(10);
                        ToldEvent.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    events: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.events != null && obj.events.length === opts.limits.events) {
                                throw new MaxLengthError('Decode error - repeated field "events" had too many elements');
                            }
                            obj.events.push(ToldEvent.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.events$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    events: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            if (opts.limits?.events != null && obj.events === opts.limits.events) {
                                throw new MaxLengthError('Streaming decode error - repeated field "events" had too many elements');
                            }
                            for (const evt of ToldEvent.codec().stream(reader, reader.uint32(), `${prefix}.events[]`, {
                                limits: opts.limits?.events$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.events
                                };
                            }
                            obj.events++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, UserEvents.codec());
    }
    UserEvents.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, UserEvents.codec(), opts);
    }
    UserEvents.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, UserEvents.codec(), opts);
    }
    UserEvents.stream = stream;
})(UserEvents || (UserEvents = {}));
export var EventSync;
(function (EventSync) {
    let _codec;
    EventSync.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.hash != null && obj.hash.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.hash);
                }
                if (obj.held != null) {
                    w.uint32(18);
                    HeldEvents.codec().encode(obj.held, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    hash: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.hash = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.held = HeldEvents.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.held
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.hash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield* HeldEvents.codec().stream(reader, reader.uint32(), `${prefix}.held`, {
                                limits: opts.limits?.held
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, EventSync.codec());
    }
    EventSync.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, EventSync.codec(), opts);
    }
    EventSync.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, EventSync.codec(), opts);
    }
    EventSync.stream = stream;
})(EventSync || (EventSync = {}));
export var HeldEvents;
(function (HeldEvents) {
    let _codec;
    HeldEvents.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.ids != null && obj.ids.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.ids);
                }
                if ((obj.asksBack != null && obj.asksBack !== false)) {
                    w.uint32(16);
                    w.bool(obj.asksBack);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    ids: uint8ArrayAlloc(0),
                    asksBack: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.ids = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.asksBack = reader.bool();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.ids`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.asksBack`,
                                value: reader.bool()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, HeldEvents.codec());
    }
    HeldEvents.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, HeldEvents.codec(), opts);
    }
    HeldEvents.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, HeldEvents.codec(), opts);
    }
    HeldEvents.stream = stream;
})(HeldEvents || (HeldEvents = {}));
export var RepairStep;
(function (RepairStep) {
    let _codec;
    RepairStep.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.ring != null && obj.ring.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.ring);
                }
                if ((obj.hop != null && obj.hop !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.hop);
                }
                if ((obj.source != null && obj.source !== '')) {
                    w.uint32(34);
                    w.string(obj.source);
                }
                if ((obj.verify != null && obj.verify !== false)) {
                    w.uint32(40);
                    w.bool(obj.verify);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    ring: uint8ArrayAlloc(0),
                    hop: 0,
                    source: '',
                    verify: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.ring = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.hop = reader.uint32();
                            break;
                        }
                        case 4: {
                            obj.source = reader.string();
                            break;
                        }
                        case 5: {
                            obj.verify = reader.bool();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.ring`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.hop`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.source`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.verify`,
                                value: reader.bool()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, RepairStep.codec());
    }
    RepairStep.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, RepairStep.codec(), opts);
    }
    RepairStep.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, RepairStep.codec(), opts);
    }
    RepairStep.stream = stream;
})(RepairStep || (RepairStep = {}));
export var RepairProgress;
(function (RepairProgress) {
    let _codec;
    RepairProgress.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.ring != null && obj.ring.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.ring);
                }
                if ((obj.hop != null && obj.hop !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.hop);
                }
                if ((obj.done != null && obj.done !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.done);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    ring: uint8ArrayAlloc(0),
                    hop: 0,
                    done: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.ring = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.hop = reader.uint32();
                            break;
                        }
                        case 4: {
                            obj.done = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.ring`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.hop`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.done`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, RepairProgress.codec());
    }
    RepairProgress.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, RepairProgress.codec(), opts);
    }
    RepairProgress.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, RepairProgress.codec(), opts);
    }
    RepairProgress.stream = stream;
})(RepairProgress || (RepairProgress = {}));
export var RepairReport;
(function (RepairReport) {
    let _codec;
    RepairReport.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.ring != null && obj.ring.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.ring);
                }
                if ((obj.hop != null && obj.hop !== 0)) {
                    w.uint32(24);
                    w.uint32(obj.hop);
                }
                if ((obj.heightBefore != null && obj.heightBefore !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.heightBefore);
                }
                if ((obj.heightAfter != null && obj.heightAfter !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.heightAfter);
                }
                if ((obj.tipHash != null && obj.tipHash.byteLength > 0)) {
                    w.uint32(50);
                    w.bytes(obj.tipHash);
                }
                if ((obj.copied != null && obj.copied !== 0)) {
                    w.uint32(56);
                    w.uint64Number(obj.copied);
                }
                if (obj.damaged != null && obj.damaged.length > 0) {
                    for (const value of obj.damaged) {
                        w.uint32(64);
                        w.uint64Number(value);
                    }
                }
                if (obj.mended != null && obj.mended.length > 0) {
                    for (const value of obj.mended) {
                        w.uint32(72);
                        w.uint64Number(value);
                    }
                }
                if ((obj.verified != null && obj.verified !== false)) {
                    w.uint32(80);
                    w.bool(obj.verified);
                }
                if ((obj.more != null && obj.more !== false)) {
                    w.uint32(88);
                    w.bool(obj.more);
                }
                if ((obj.failure != null && obj.failure !== '')) {
                    w.uint32(98);
                    w.string(obj.failure);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    ring: uint8ArrayAlloc(0),
                    hop: 0,
                    heightBefore: 0,
                    heightAfter: 0,
                    tipHash: uint8ArrayAlloc(0),
                    copied: 0,
                    damaged: [],
                    mended: [],
                    verified: false,
                    more: false,
                    failure: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.ring = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.hop = reader.uint32();
                            break;
                        }
                        case 4: {
                            obj.heightBefore = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            obj.heightAfter = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            obj.tipHash = reader.bytes();
                            break;
                        }
                        case 7: {
                            obj.copied = reader.uint64Number();
                            break;
                        }
                        case 8: {
                            if (opts.limits?.damaged != null && obj.damaged.length === opts.limits.damaged) {
                                throw new MaxLengthError('Decode error - repeated field "damaged" had too many elements');
                            }
                            obj.damaged.push(reader.uint64Number());
                            break;
                        }
                        case 9: {
                            if (opts.limits?.mended != null && obj.mended.length === opts.limits.mended) {
                                throw new MaxLengthError('Decode error - repeated field "mended" had too many elements');
                            }
                            obj.mended.push(reader.uint64Number());
                            break;
                        }
                        case 10: {
                            obj.verified = reader.bool();
                            break;
                        }
                        case 11: {
                            obj.more = reader.bool();
                            break;
                        }
                        case 12: {
                            obj.failure = reader.string();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    damaged: 0,
                    mended: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.ring`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.hop`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.heightBefore`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.heightAfter`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.tipHash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.copied`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 8: {
                            if (opts.limits?.damaged != null && obj.damaged === opts.limits.damaged) {
                                throw new MaxLengthError('Streaming decode error - repeated field "damaged" had too many elements');
                            }
                            yield {
                                field: `${prefix}.damaged[]`,
                                index: obj.damaged,
                                value: reader.uint64Number()
                            };
                            obj.damaged++;
                            break;
                        }
                        case 9: {
                            if (opts.limits?.mended != null && obj.mended === opts.limits.mended) {
                                throw new MaxLengthError('Streaming decode error - repeated field "mended" had too many elements');
                            }
                            yield {
                                field: `${prefix}.mended[]`,
                                index: obj.mended,
                                value: reader.uint64Number()
                            };
                            obj.mended++;
                            break;
                        }
                        case 10: {
                            yield {
                                field: `${prefix}.verified`,
                                value: reader.bool()
                            };
                            break;
                        }
                        case 11: {
                            yield {
                                field: `${prefix}.more`,
                                value: reader.bool()
                            };
                            break;
                        }
                        case 12: {
                            yield {
                                field: `${prefix}.failure`,
                                value: reader.string()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, RepairReport.codec());
    }
    RepairReport.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, RepairReport.codec(), opts);
    }
    RepairReport.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, RepairReport.codec(), opts);
    }
    RepairReport.stream = stream;
})(RepairReport || (RepairReport = {}));
export var ForkProof;
(function (ForkProof) {
    let _codec;
    ForkProof.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.first != null && obj.first.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.first);
                }
                if ((obj.second != null && obj.second.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.second);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    first: uint8ArrayAlloc(0),
                    second: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.first = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.second = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.first`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.second`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, ForkProof.codec());
    }
    ForkProof.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, ForkProof.codec(), opts);
    }
    ForkProof.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, ForkProof.codec(), opts);
    }
    ForkProof.stream = stream;
})(ForkProof || (ForkProof = {}));
export var JourneyQuestion;
(function (JourneyQuestion) {
    let _codec;
    JourneyQuestion.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.first != null && obj.first !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.first);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    first: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.first = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.first`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, JourneyQuestion.codec());
    }
    JourneyQuestion.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, JourneyQuestion.codec(), opts);
    }
    JourneyQuestion.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, JourneyQuestion.codec(), opts);
    }
    JourneyQuestion.stream = stream;
})(JourneyQuestion || (JourneyQuestion = {}));
export var Arrival;
(function (Arrival) {
    let _codec;
    Arrival.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.number != null && obj.number !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.number);
                }
                if ((obj.hash != null && obj.hash.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.hash);
                }
                if ((obj.from != null && obj.from !== '')) {
                    w.uint32(26);
                    w.string(obj.from);
                }
                if ((obj.origin != null && obj.origin !== 0)) {
                    w.uint32(32);
                    w.uint32(obj.origin);
                }
                if ((obj.received != null && obj.received !== 0)) {
                    w.uint32(40);
                    w.uint64Number(obj.received);
                }
                if ((obj.verified != null && obj.verified !== 0)) {
                    w.uint32(48);
                    w.uint64Number(obj.verified);
                }
                if ((obj.committed != null && obj.committed !== 0)) {
                    w.uint32(56);
                    w.uint64Number(obj.committed);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    number: 0,
                    hash: uint8ArrayAlloc(0),
                    from: '',
                    origin: 0,
                    received: 0,
                    verified: 0,
                    committed: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.number = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            obj.hash = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.from = reader.string();
                            break;
                        }
                        case 4: {
                            obj.origin = reader.uint32();
                            break;
                        }
                        case 5: {
                            obj.received = reader.uint64Number();
                            break;
                        }
                        case 6: {
                            obj.verified = reader.uint64Number();
                            break;
                        }
                        case 7: {
                            obj.committed = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.number`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.hash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.from`,
                                value: reader.string()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.origin`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.received`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 6: {
                            yield {
                                field: `${prefix}.verified`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 7: {
                            yield {
                                field: `${prefix}.committed`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Arrival.codec());
    }
    Arrival.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Arrival.codec(), opts);
    }
    Arrival.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Arrival.codec(), opts);
    }
    Arrival.stream = stream;
})(Arrival || (Arrival = {}));
export var JourneyAnswer;
(function (JourneyAnswer) {
    let _codec;
    JourneyAnswer.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if (obj.arrivals != null && obj.arrivals.length > 0) {
                    for (const value of obj.arrivals) {
                        w.uint32(18);
                        Arrival.codec().encode(value, w);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    arrivals: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            if (opts.limits?.arrivals != null && obj.arrivals.length === opts.limits.arrivals) {
                                throw new MaxLengthError('Decode error - repeated field "arrivals" had too many elements');
                            }
                            obj.arrivals.push(Arrival.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.arrivals$
                            }));
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    arrivals: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            if (opts.limits?.arrivals != null && obj.arrivals === opts.limits.arrivals) {
                                throw new MaxLengthError('Streaming decode error - repeated field "arrivals" had too many elements');
                            }
                            for (const evt of Arrival.codec().stream(reader, reader.uint32(), `${prefix}.arrivals[]`, {
                                limits: opts.limits?.arrivals$
                            })) {
                                yield {
                                    ...evt,
                                    index: obj.arrivals
                                };
                            }
                            obj.arrivals++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, JourneyAnswer.codec());
    }
    JourneyAnswer.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, JourneyAnswer.codec(), opts);
    }
    JourneyAnswer.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, JourneyAnswer.codec(), opts);
    }
    JourneyAnswer.stream = stream;
})(JourneyAnswer || (JourneyAnswer = {}));
export var Frame;
(function (Frame) {
    let _codec;
    Frame.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.journeyAnswer != null) {
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.journeyQuestion != null) {
                    obj.journeyAnswer = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.forkProof != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.relayAnswer != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.relayQuestion != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.ack2 != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.ack != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.syn != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.repairReport != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.repairProgress != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.repairStep != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.eventSync != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.userEvents != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.accusations != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.pong != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.pingRequest != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.ping != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.identities != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.identityWant != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.chunkWant != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.chunk != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.cut != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.want != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.advert != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.block != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.stateInfo != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.membershipResponse != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipRequest = undefined;
                    obj.alive = undefined;
                }
                if (obj.membershipRequest != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.alive = undefined;
                }
                if (obj.alive != null) {
                    obj.journeyAnswer = undefined;
                    obj.journeyQuestion = undefined;
                    obj.forkProof = undefined;
                    obj.relayAnswer = undefined;
                    obj.relayQuestion = undefined;
                    obj.ack2 = undefined;
                    obj.ack = undefined;
                    obj.syn = undefined;
                    obj.repairReport = undefined;
                    obj.repairProgress = undefined;
                    obj.repairStep = undefined;
                    obj.eventSync = undefined;
                    obj.userEvents = undefined;
                    obj.accusations = undefined;
                    obj.pong = undefined;
                    obj.pingRequest = undefined;
                    obj.ping = undefined;
                    obj.identities = undefined;
                    obj.identityWant = undefined;
                    obj.chunkWant = undefined;
                    obj.chunk = undefined;
                    obj.cut = undefined;
                    obj.want = undefined;
                    obj.advert = undefined;
                    obj.block = undefined;
                    obj.stateInfo = undefined;
                    obj.membershipResponse = undefined;
                    obj.membershipRequest = undefined;
                }
                if (obj.alive != null) {
                    w.uint32(10);
                    AliveBatch.codec().encode(obj.alive, w);
                }
                if (obj.membershipRequest != null) {
                    w.uint32(18);
                    MembershipRequest.codec().encode(obj.membershipRequest, w);
                }
                if (obj.membershipResponse != null) {
                    w.uint32(26);
                    MembershipResponse.codec().encode(obj.membershipResponse, w);
                }
                if (obj.stateInfo != null) {
                    w.uint32(34);
                    StateInfoBatch.codec().encode(obj.stateInfo, w);
                }
                if (obj.block != null) {
                    w.uint32(42);
                    PushBlock.codec().encode(obj.block, w);
                }
                if (obj.advert != null) {
                    w.uint32(50);
                    Advert.codec().encode(obj.advert, w);
                }
                if (obj.want != null) {
                    w.uint32(58);
                    Want.codec().encode(obj.want, w);
                }
                if (obj.cut != null) {
                    w.uint32(66);
                    CutNotice.codec().encode(obj.cut, w);
                }
                if (obj.chunk != null) {
                    w.uint32(74);
                    Chunk.codec().encode(obj.chunk, w);
                }
                if (obj.chunkWant != null) {
                    w.uint32(82);
                    ChunkWant.codec().encode(obj.chunkWant, w);
                }
                if (obj.identityWant != null) {
                    w.uint32(90);
                    IdentityWant.codec().encode(obj.identityWant, w);
                }
                if (obj.identities != null) {
                    w.uint32(98);
                    Identities.codec().encode(obj.identities, w);
                }
                if (obj.ping != null) {
                    w.uint32(106);
                    Ping.codec().encode(obj.ping, w);
                }
                if (obj.pingRequest != null) {
                    w.uint32(114);
                    PingRequest.codec().encode(obj.pingRequest, w);
                }
                if (obj.pong != null) {
                    w.uint32(122);
                    Pong.codec().encode(obj.pong, w);
                }
                if (obj.accusations != null) {
                    w.uint32(130);
                    Accusations.codec().encode(obj.accusations, w);
                }
                if (obj.userEvents != null) {
                    w.uint32(162);
                    UserEvents.codec().encode(obj.userEvents, w);
                }
                if (obj.eventSync != null) {
                    w.uint32(170);
                    EventSync.codec().encode(obj.eventSync, w);
                }
                if (obj.repairStep != null) {
                    w.uint32(178);
                    RepairStep.codec().encode(obj.repairStep, w);
                }
                if (obj.repairProgress != null) {
                    w.uint32(186);
                    RepairProgress.codec().encode(obj.repairProgress, w);
                }
                if (obj.repairReport != null) {
                    w.uint32(194);
                    RepairReport.codec().encode(obj.repairReport, w);
                }
                if (obj.syn != null) {
                    w.uint32(138);
                    Syn.codec().encode(obj.syn, w);
                }
                if (obj.ack != null) {
                    w.uint32(146);
                    Ack.codec().encode(obj.ack, w);
                }
                if (obj.ack2 != null) {
                    w.uint32(154);
                    Ack2.codec().encode(obj.ack2, w);
                }
                if (obj.relayQuestion != null) {
                    w.uint32(202);
                    RelayQuestion.codec().encode(obj.relayQuestion, w);
                }
                if (obj.relayAnswer != null) {
                    w.uint32(210);
                    RelayAnswer.codec().encode(obj.relayAnswer, w);
                }
                if (obj.forkProof != null) {
                    w.uint32(218);
                    ForkProof.codec().encode(obj.forkProof, w);
                }
                if (obj.journeyQuestion != null) {
                    w.uint32(226);
                    JourneyQuestion.codec().encode(obj.journeyQuestion, w);
                }
                if (obj.journeyAnswer != null) {
                    w.uint32(234);
                    JourneyAnswer.codec().encode(obj.journeyAnswer, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.alive = AliveBatch.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.alive
                            });
                            break;
                        }
                        case 2: {
                            obj.membershipRequest = MembershipRequest.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.membershipRequest
                            });
                            break;
                        }
                        case 3: {
                            obj.membershipResponse = MembershipResponse.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.membershipResponse
                            });
                            break;
                        }
                        case 4: {
                            obj.stateInfo = StateInfoBatch.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.stateInfo
                            });
                            break;
                        }
                        case 5: {
                            obj.block = PushBlock.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.block
                            });
                            break;
                        }
                        case 6: {
                            obj.advert = Advert.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.advert
                            });
                            break;
                        }
                        case 7: {
                            obj.want = Want.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.want
                            });
                            break;
                        }
                        case 8: {
                            obj.cut = CutNotice.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.cut
                            });
                            break;
                        }
                        case 9: {
                            obj.chunk = Chunk.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.chunk
                            });
                            break;
                        }
                        case 10: {
                            obj.chunkWant = ChunkWant.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.chunkWant
                            });
                            break;
                        }
                        case 11: {
                            obj.identityWant = IdentityWant.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.identityWant
                            });
                            break;
                        }
                        case 12: {
                            obj.identities = Identities.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.identities
                            });
                            break;
                        }
                        case 13: {
                            obj.ping = Ping.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.ping
                            });
                            break;
                        }
                        case 14: {
                            obj.pingRequest = PingRequest.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.pingRequest
                            });
                            break;
                        }
                        case 15: {
                            obj.pong = Pong.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.pong
                            });
                            break;
                        }
                        case 16: {
                            obj.accusations = Accusations.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.accusations
                            });
                            break;
                        }
                        case 20: {
                            obj.userEvents = UserEvents.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.userEvents
                            });
                            break;
                        }
                        case 21: {
                            obj.eventSync = EventSync.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.eventSync
                            });
                            break;
                        }
                        case 22: {
                            obj.repairStep = RepairStep.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.repairStep
                            });
                            break;
                        }
                        case 23: {
                            obj.repairProgress = RepairProgress.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.repairProgress
                            });
                            break;
                        }
                        case 24: {
                            obj.repairReport = RepairReport.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.repairReport
                            });
                            break;
                        }
                        case 17: {
                            obj.syn = Syn.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.syn
                            });
                            break;
                        }
                        case 18: {
                            obj.ack = Ack.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.ack
                            });
                            break;
                        }
                        case 19: {
                            obj.ack2 = Ack2.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.ack2
                            });
                            break;
                        }
                        case 25: {
                            obj.relayQuestion = RelayQuestion.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.relayQuestion
                            });
                            break;
                        }
                        case 26: {
                            obj.relayAnswer = RelayAnswer.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.relayAnswer
                            });
                            break;
                        }
                        case 27: {
                            obj.forkProof = ForkProof.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.forkProof
                            });
                            break;
                        }
                        case 28: {
                            obj.journeyQuestion = JourneyQuestion.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.journeyQuestion
                            });
                            break;
                        }
                        case 29: {
                            obj.journeyAnswer = JourneyAnswer.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.journeyAnswer
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.journeyAnswer != null) {
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.journeyQuestion != null) {
                    delete obj.journeyAnswer;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.forkProof != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.relayAnswer != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.relayQuestion != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.ack2 != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.ack != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.syn != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.repairReport != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.repairProgress != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.repairStep != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.eventSync != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.userEvents != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.accusations != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.pong != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.pingRequest != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.ping != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.identities != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.identityWant != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.chunkWant != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.chunk != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.cut != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.want != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.advert != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.block != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.stateInfo != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.membershipResponse != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipRequest;
                    delete obj.alive;
                }
                if (obj.membershipRequest != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.alive;
                }
                if (obj.alive != null) {
                    delete obj.journeyAnswer;
                    delete obj.journeyQuestion;
                    delete obj.forkProof;
                    delete obj.relayAnswer;
                    delete obj.relayQuestion;
                    delete obj.ack2;
                    delete obj.ack;
                    delete obj.syn;
                    delete obj.repairReport;
                    delete obj.repairProgress;
                    delete obj.repairStep;
                    delete obj.eventSync;
                    delete obj.userEvents;
                    delete obj.accusations;
                    delete obj.pong;
                    delete obj.pingRequest;
                    delete obj.ping;
                    delete obj.identities;
                    delete obj.identityWant;
                    delete obj.chunkWant;
                    delete obj.chunk;
                    delete obj.cut;
                    delete obj.want;
                    delete obj.advert;
                    delete obj.block;
                    delete obj.stateInfo;
                    delete obj.membershipResponse;
                    delete obj.membershipRequest;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield* AliveBatch.codec().stream(reader, reader.uint32(), `${prefix}.alive`, {
                                limits: opts.limits?.alive
                            });
                            break;
                        }
                        case 2: {
                            yield* MembershipRequest.codec().stream(reader, reader.uint32(), `${prefix}.membershipRequest`, {
                                limits: opts.limits?.membershipRequest
                            });
                            break;
                        }
                        case 3: {
                            yield* MembershipResponse.codec().stream(reader, reader.uint32(), `${prefix}.membershipResponse`, {
                                limits: opts.limits?.membershipResponse
                            });
                            break;
                        }
                        case 4: {
                            yield* StateInfoBatch.codec().stream(reader, reader.uint32(), `${prefix}.stateInfo`, {
                                limits: opts.limits?.stateInfo
                            });
                            break;
                        }
                        case 5: {
                            yield* PushBlock.codec().stream(reader, reader.uint32(), `${prefix}.block`, {
                                limits: opts.limits?.block
                            });
                            break;
                        }
                        case 6: {
                            yield* Advert.codec().stream(reader, reader.uint32(), `${prefix}.advert`, {
                                limits: opts.limits?.advert
                            });
                            break;
                        }
                        case 7: {
                            yield* Want.codec().stream(reader, reader.uint32(), `${prefix}.want`, {
                                limits: opts.limits?.want
                            });
                            break;
                        }
                        case 8: {
                            yield* CutNotice.codec().stream(reader, reader.uint32(), `${prefix}.cut`, {
                                limits: opts.limits?.cut
                            });
                            break;
                        }
                        case 9: {
                            yield* Chunk.codec().stream(reader, reader.uint32(), `${prefix}.chunk`, {
                                limits: opts.limits?.chunk
                            });
                            break;
                        }
                        case 10: {
                            yield* ChunkWant.codec().stream(reader, reader.uint32(), `${prefix}.chunkWant`, {
                                limits: opts.limits?.chunkWant
                            });
                            break;
                        }
                        case 11: {
                            yield* IdentityWant.codec().stream(reader, reader.uint32(), `${prefix}.identityWant`, {
                                limits: opts.limits?.identityWant
                            });
                            break;
                        }
                        case 12: {
                            yield* Identities.codec().stream(reader, reader.uint32(), `${prefix}.identities`, {
                                limits: opts.limits?.identities
                            });
                            break;
                        }
                        case 13: {
                            yield* Ping.codec().stream(reader, reader.uint32(), `${prefix}.ping`, {
                                limits: opts.limits?.ping
                            });
                            break;
                        }
                        case 14: {
                            yield* PingRequest.codec().stream(reader, reader.uint32(), `${prefix}.pingRequest`, {
                                limits: opts.limits?.pingRequest
                            });
                            break;
                        }
                        case 15: {
                            yield* Pong.codec().stream(reader, reader.uint32(), `${prefix}.pong`, {
                                limits: opts.limits?.pong
                            });
                            break;
                        }
                        case 16: {
                            yield* Accusations.codec().stream(reader, reader.uint32(), `${prefix}.accusations`, {
                                limits: opts.limits?.accusations
                            });
                            break;
                        }
                        case 20: {
                            yield* UserEvents.codec().stream(reader, reader.uint32(), `${prefix}.userEvents`, {
                                limits: opts.limits?.userEvents
                            });
                            break;
                        }
                        case 21: {
                            yield* EventSync.codec().stream(reader, reader.uint32(), `${prefix}.eventSync`, {
                                limits: opts.limits?.eventSync
                            });
                            break;
                        }
                        case 22: {
                            yield* RepairStep.codec().stream(reader, reader.uint32(), `${prefix}.repairStep`, {
                                limits: opts.limits?.repairStep
                            });
                            break;
                        }
                        case 23: {
                            yield* RepairProgress.codec().stream(reader, reader.uint32(), `${prefix}.repairProgress`, {
                                limits: opts.limits?.repairProgress
                            });
                            break;
                        }
                        case 24: {
                            yield* RepairReport.codec().stream(reader, reader.uint32(), `${prefix}.repairReport`, {
                                limits: opts.limits?.repairReport
                            });
                            break;
                        }
                        case 17: {
                            yield* Syn.codec().stream(reader, reader.uint32(), `${prefix}.syn`, {
                                limits: opts.limits?.syn
                            });
                            break;
                        }
                        case 18: {
                            yield* Ack.codec().stream(reader, reader.uint32(), `${prefix}.ack`, {
                                limits: opts.limits?.ack
                            });
                            break;
                        }
                        case 19: {
                            yield* Ack2.codec().stream(reader, reader.uint32(), `${prefix}.ack2`, {
                                limits: opts.limits?.ack2
                            });
                            break;
                        }
                        case 25: {
                            yield* RelayQuestion.codec().stream(reader, reader.uint32(), `${prefix}.relayQuestion`, {
                                limits: opts.limits?.relayQuestion
                            });
                            break;
                        }
                        case 26: {
                            yield* RelayAnswer.codec().stream(reader, reader.uint32(), `${prefix}.relayAnswer`, {
                                limits: opts.limits?.relayAnswer
                            });
                            break;
                        }
                        case 27: {
                            yield* ForkProof.codec().stream(reader, reader.uint32(), `${prefix}.forkProof`, {
                                limits: opts.limits?.forkProof
                            });
                            break;
                        }
                        case 28: {
                            yield* JourneyQuestion.codec().stream(reader, reader.uint32(), `${prefix}.journeyQuestion`, {
                                limits: opts.limits?.journeyQuestion
                            });
                            break;
                        }
                        case 29: {
                            yield* JourneyAnswer.codec().stream(reader, reader.uint32(), `${prefix}.journeyAnswer`, {
                                limits: opts.limits?.journeyAnswer
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Frame.codec());
    }
    Frame.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Frame.codec(), opts);
    }
    Frame.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Frame.codec(), opts);
    }
    Frame.stream = stream;
})(Frame || (Frame = {}));
export var Digest;
(function (Digest) {
    let _codec;
    Digest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.height != null && obj.height !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.height);
                }
                if (obj.early != null && obj.early.length > 0) {
                    for (const value of obj.early) {
                        w.uint32(16);
                        w.uint64Number(value);
                    }
                }
                if ((obj.tipHash != null && obj.tipHash.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.tipHash);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    height: 0,
                    early: [],
                    tipHash: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.height = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            if (opts.limits?.early != null && obj.early.length === opts.limits.early) {
                                throw new MaxLengthError('Decode error - repeated field "early" had too many elements');
                            }
                            obj.early.push(reader.uint64Number());
                            break;
                        }
                        case 3: {
                            obj.tipHash = reader.bytes();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    early: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.height`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 2: {
                            if (opts.limits?.early != null && obj.early === opts.limits.early) {
                                throw new MaxLengthError('Streaming decode error - repeated field "early" had too many elements');
                            }
                            yield {
                                field: `${prefix}.early[]`,
                                index: obj.early,
                                value: reader.uint64Number()
                            };
                            obj.early++;
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.tipHash`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Digest.codec());
    }
    Digest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Digest.codec(), opts);
    }
    Digest.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Digest.codec(), opts);
    }
    Digest.stream = stream;
})(Digest || (Digest = {}));
export var Syn;
(function (Syn) {
    let _codec;
    Syn.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.session != null && obj.session !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.session);
                }
                if (obj.digest != null) {
                    w.uint32(26);
                    Digest.codec().encode(obj.digest, w);
                }
                if ((obj.end != null && obj.end !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.end);
                }
                if ((obj.gives != null && obj.gives !== false)) {
                    w.uint32(40);
                    w.bool(obj.gives);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    session: 0,
                    end: 0,
                    gives: false
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.session = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.digest = Digest.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.digest
                            });
                            break;
                        }
                        case 4: {
                            obj.end = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            obj.gives = reader.bool();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.session`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield* Digest.codec().stream(reader, reader.uint32(), `${prefix}.digest`, {
                                limits: opts.limits?.digest
                            });
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.end`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 5: {
                            yield {
                                field: `${prefix}.gives`,
                                value: reader.bool()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Syn.codec());
    }
    Syn.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Syn.codec(), opts);
    }
    Syn.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Syn.codec(), opts);
    }
    Syn.stream = stream;
})(Syn || (Syn = {}));
export var Ack;
(function (Ack) {
    let _codec;
    Ack.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.session != null && obj.session !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.session);
                }
                if (obj.digest != null) {
                    w.uint32(26);
                    Digest.codec().encode(obj.digest, w);
                }
                if ((obj.end != null && obj.end !== 0)) {
                    w.uint32(32);
                    w.uint64Number(obj.end);
                }
                if (obj.blocks != null && obj.blocks.length > 0) {
                    for (const value of obj.blocks) {
                        w.uint32(42);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    session: 0,
                    end: 0,
                    blocks: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.session = reader.uint32();
                            break;
                        }
                        case 3: {
                            obj.digest = Digest.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.digest
                            });
                            break;
                        }
                        case 4: {
                            obj.end = reader.uint64Number();
                            break;
                        }
                        case 5: {
                            if (opts.limits?.blocks != null && obj.blocks.length === opts.limits.blocks) {
                                throw new MaxLengthError('Decode error - repeated field "blocks" had too many elements');
                            }
                            obj.blocks.push(reader.bytes());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    blocks: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.session`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            yield* Digest.codec().stream(reader, reader.uint32(), `${prefix}.digest`, {
                                limits: opts.limits?.digest
                            });
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.end`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 5: {
                            if (opts.limits?.blocks != null && obj.blocks === opts.limits.blocks) {
                                throw new MaxLengthError('Streaming decode error - repeated field "blocks" had too many elements');
                            }
                            yield {
                                field: `${prefix}.blocks[]`,
                                index: obj.blocks,
                                value: reader.bytes()
                            };
                            obj.blocks++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Ack.codec());
    }
    Ack.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Ack.codec(), opts);
    }
    Ack.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Ack.codec(), opts);
    }
    Ack.stream = stream;
})(Ack || (Ack = {}));
export var Ack2;
(function (Ack2) {
    let _codec;
    Ack2.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if ((obj.session != null && obj.session !== 0)) {
                    w.uint32(16);
                    w.uint32(obj.session);
                }
                if (obj.blocks != null && obj.blocks.length > 0) {
                    for (const value of obj.blocks) {
                        w.uint32(26);
                        w.bytes(value);
                    }
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0),
                    session: 0,
                    blocks: []
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.session = reader.uint32();
                            break;
                        }
                        case 3: {
                            if (opts.limits?.blocks != null && obj.blocks.length === opts.limits.blocks) {
                                throw new MaxLengthError('Decode error - repeated field "blocks" had too many elements');
                            }
                            obj.blocks.push(reader.bytes());
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const obj = {
                    blocks: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.session`,
                                value: reader.uint32()
                            };
                            break;
                        }
                        case 3: {
                            if (opts.limits?.blocks != null && obj.blocks === opts.limits.blocks) {
                                throw new MaxLengthError('Streaming decode error - repeated field "blocks" had too many elements');
                            }
                            yield {
                                field: `${prefix}.blocks[]`,
                                index: obj.blocks,
                                value: reader.bytes()
                            };
                            obj.blocks++;
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Ack2.codec());
    }
    Ack2.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Ack2.codec(), opts);
    }
    Ack2.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Ack2.codec(), opts);
    }
    Ack2.stream = stream;
})(Ack2 || (Ack2 = {}));
export var FetchRequest;
(function (FetchRequest) {
    let _codec;
    FetchRequest.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.channel != null && obj.channel.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.channel);
                }
                if (obj.blocks != null) {
                    w.uint32(26);
                    Range.codec().encode(obj.blocks, w);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    channel: uint8ArrayAlloc(0)
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.channel = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.blocks = Range.codec().decode(reader, reader.uint32(), {
                                limits: opts.limits?.blocks
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.channel`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield* Range.codec().stream(reader, reader.uint32(), `${prefix}.blocks`, {
                                limits: opts.limits?.blocks
                            });
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, FetchRequest.codec());
    }
    FetchRequest.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, FetchRequest.codec(), opts);
    }
    FetchRequest.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, FetchRequest.codec(), opts);
    }
    FetchRequest.stream = stream;
})(FetchRequest || (FetchRequest = {}));
export var Range;
(function (Range) {
    let _codec;
    Range.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.first != null && obj.first !== 0)) {
                    w.uint32(8);
                    w.uint64Number(obj.first);
                }
                if ((obj.end != null && obj.end !== 0)) {
                    w.uint32(16);
                    w.uint64Number(obj.end);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    first: 0,
                    end: 0
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.first = reader.uint64Number();
                            break;
                        }
                        case 2: {
                            obj.end = reader.uint64Number();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.first`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.end`,
                                value: reader.uint64Number()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Range.codec());
    }
    Range.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Range.codec(), opts);
    }
    Range.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Range.codec(), opts);
    }
    Range.stream = stream;
})(Range || (Range = {}));
export var FetchReply;
(function (FetchReply) {
    let _codec;
    FetchReply.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                obj = { ...obj };
                if (obj.refusal != null) {
                    obj.block = undefined;
                }
                if (obj.block != null) {
                    obj.refusal = undefined;
                }
                if (obj.block != null) {
                    w.uint32(18);
                    w.bytes(obj.block);
                }
                if (obj.refusal != null) {
                    w.uint32(26);
                    w.string(obj.refusal);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {};
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 2: {
                            obj.block = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.refusal = reader.string();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                if (obj.refusal != null) {
                    delete obj.block;
                }
                if (obj.block != null) {
                    delete obj.refusal;
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 2: {
                            yield {
                                field: `${prefix}.block`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.refusal`,
                                value: reader.string()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, FetchReply.codec());
    }
    FetchReply.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, FetchReply.codec(), opts);
    }
    FetchReply.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, FetchReply.codec(), opts);
    }
    FetchReply.stream = stream;
})(FetchReply || (FetchReply = {}));
export var Handshake;
(function (Handshake) {
    let _codec;
    Handshake.codec = () => {
        if (_codec == null) {
            _codec = message((obj, w, opts = {}) => {
                if (opts.lengthDelimited !== false) {
                    w.fork();
                }
                if ((obj.nonce != null && obj.nonce.byteLength > 0)) {
                    w.uint32(10);
                    w.bytes(obj.nonce);
                }
                if ((obj.identity != null && obj.identity.byteLength > 0)) {
                    w.uint32(18);
                    w.bytes(obj.identity);
                }
                if ((obj.signature != null && obj.signature.byteLength > 0)) {
                    w.uint32(26);
                    w.bytes(obj.signature);
                }
                if ((obj.refusal != null && obj.refusal !== '')) {
                    w.uint32(34);
                    w.string(obj.refusal);
                }
                if (opts.lengthDelimited !== false) {
                    w.ldelim();
                }
            }, (reader, length, opts = {}) => {
                const obj = {
                    nonce: uint8ArrayAlloc(0),
                    identity: uint8ArrayAlloc(0),
                    signature: uint8ArrayAlloc(0),
                    refusal: ''
                };
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            obj.nonce = reader.bytes();
                            break;
                        }
                        case 2: {
                            obj.identity = reader.bytes();
                            break;
                        }
                        case 3: {
                            obj.signature = reader.bytes();
                            break;
                        }
                        case 4: {
                            obj.refusal = reader.string();
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
                return obj;
            }, function* (reader, length, prefix, opts = {}) {
                const end = length == null ? reader.len : reader.pos + length;
                while (reader.pos < end) {
                    const tag = reader.uint32();
                    switch (tag >>> 3) {
                        case 1: {
                            yield {
                                field: `${prefix}.nonce`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 2: {
                            yield {
                                field: `${prefix}.identity`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 3: {
                            yield {
                                field: `${prefix}.signature`,
                                value: reader.bytes()
                            };
                            break;
                        }
                        case 4: {
                            yield {
                                field: `${prefix}.refusal`,
                                value: reader.string()
                            };
                            break;
                        }
                        default: {
                            reader.skipType(tag & 7);
                            break;
                        }
                    }
                }
            });
        }
        return _codec;
    };
    function encode(obj) {
        return encodeMessage(obj, Handshake.codec());
    }
    Handshake.encode = encode;
    function decode(buf, opts) {
        return decodeMessage(buf, Handshake.codec(), opts);
    }
    Handshake.decode = decode;
    function stream(buf, opts) {
        return streamMessage(buf, Handshake.codec(), opts);
    }
    Handshake.stream = stream;
})(Handshake || (Handshake = {}));
