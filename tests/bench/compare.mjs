// Holds one log against another, both as canonical bytes; used in Node and in the page.

const LENGTH = 4;
const RECORD = 24;

/** The event whose bytes hold this offset, by walking the log from its beginning. */
function eventAt(bytes, offset) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let event = 0;
  let end = LENGTH;
  while (end + RECORD + LENGTH <= bytes.length) {
    end += RECORD + LENGTH + view.getUint32(end + RECORD, true);
    if (offset < end) break;
    event += 1;
  }
  return event;
}

/** Where two logs differ first, in words, or null if they are the same. */
export function difference(found, wanted) {
  const most = Math.max(found.length, wanted.length);
  let offset = 0;
  while (offset < most && found[offset] === wanted[offset]) offset += 1;
  if (offset === most) return null;
  const byte = (bytes) => bytes[offset]?.toString(16) ?? "the end";
  const event = offset < LENGTH ? "the number of events" : `event ${eventAt(wanted, offset)}`;
  return `byte ${offset} (${event}) is ${byte(found)}, natively ${byte(wanted)}`;
}

/** The runs of which the two sides differ, with where; `native` gives the native bytes of one. */
export async function differences(bench, native) {
  const found = [];
  for (const id of bench.runs()) {
    const wanted = await native(id);
    const differs = wanted ? difference(bench.log_bytes(id), wanted) : "there is no native log";
    if (differs) found.push(`${id}: ${differs}`);
  }
  return found;
}
