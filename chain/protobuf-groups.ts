import protobuf from "google-protobuf";

/** Wire types of the groups of protobuf's first version, which Fabric has none of. */
const START_GROUP = 3;
const END_GROUP = 4;

let isRefused = false;

/**
 * From now on google-protobuf throws on a group in a field that it does not know, wherever the field stands. Left to
 * itself it looks for the end of the group behind the end of the bytes, and never comes back.
 */
export function refuseGroups(): void {
  if (isRefused) return;
  isRefused = true;
  const { prototype } = protobuf.BinaryReader;
  const skipField = prototype.skipField;
  prototype.skipField = function skipFieldButNoGroup(this: protobuf.BinaryReader): void {
    const wireType: number = this.getWireType();
    if (wireType === START_GROUP || wireType === END_GROUP)
      throw new RangeError("a group, which no message has");
    skipField.call(this);
  };
}
