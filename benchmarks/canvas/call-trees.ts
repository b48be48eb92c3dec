// The call trees that the benchmark draws: made up, but shaped like a big program's: thousands of functions, stacks up to some sixty calls
// deep, a few wide paths and very many narrow ones.
import { Writer } from '../../wwwroot-assets/tests/support/frame-writer.ts'

function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 4294967296
  }
}

const functions = 5_000
const modules = 40
const deepest = 60

/** A tree of `count` calls, as the hub sends it. */
export function bigCallTree(count: number, sequence: number): Uint8Array {
  const next = random(11)
  const above = new Array<bigint>(count + 1).fill(0n)
  const frame = new Array<bigint>(count + 1).fill(0n)
  const self = new Array<bigint>(count + 1).fill(0n)
  let depth = 0
  for (let node = 1; node <= count; node++) {
    // Calls go down more often than not; a return goes back several levels at once.
    const back = depth > 0 && (depth >= deepest || next() < 0.42) ? 1 + Math.floor(next() ** 3 * depth) : 0
    above[node] = BigInt(back)
    depth += 1 - back
    frame[node] = BigInt(Math.floor(next() ** 2 * functions))
    if (back > 0 || next() < 0.1) self[node - 1] = BigInt(Math.floor(16 / (next() + 1e-6)) + sequence)
  }
  const writer = new Writer()
  writer.byte(1)
  writer.varint(sequence)
  const texts = ['', ...Array.from({ length: functions }, (_, i) => `app::Component${i % 313}::method${i}(std::string const&)`), ...Array.from({ length: modules }, (_, i) => `/usr/lib/app/libpart${i}.so`)]
  writer.varint(texts.length)
  for (const text of texts) writer.text(text)
  writer.varint(functions)
  writer.column(Array.from({ length: functions }, (_, i) => BigInt(i + 1)))
  writer.column(Array.from({ length: functions }, (_, i) => BigInt(functions + 1 + i % modules)))
  for (let i = 0; i < 2; i++) writer.column(new Array<bigint>(functions).fill(0n))
  writer.varint(count + 1)
  writer.column(above)
  writer.column(frame)
  for (let figure = 0; figure < 6; figure++) {
    writer.byte(0)
    writer.column(figure % 2 === 0 ? self : self.map((bytes) => bytes > 0n ? 1n : 0n))
  }
  return Uint8Array.from(writer.bytes)
}
