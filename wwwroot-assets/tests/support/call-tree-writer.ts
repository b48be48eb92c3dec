// Writes call trees by docs/formats.md ("Call tree"), independently of the reader, and makes random ones. Slow and plain on purpose.
import fc from 'fast-check'
import { type CallTree, decodeCallTree } from '../../src/flame/call-tree.ts'
import { Writer } from './frame-writer.ts'

export interface FrameSpec { function: string, module: string, file?: string, line?: number }

/**
 * A call, what it has itself (live bytes, live blocks, allocated bytes, allocations, freed bytes, frees, temporary bytes, temporaries), what
 * it had before where that is compared with, and what it calls.
 */
export interface CallSpec { frame: FrameSpec, self: number[], before?: number[], calls: CallSpec[] }

const none = [0, 0, 0, 0, 0, 0, 0, 0]

export const call = (name: string, live: number, calls: CallSpec[] = [], module = '/usr/bin/app'): CallSpec =>
  ({ frame: { function: name, module }, self: [live, live > 0 ? 1 : 0, live * 2, live > 0 ? 2 : 0, live, live > 0 ? 1 : 0, 0, 0], calls })

export const whole = (...calls: CallSpec[]): CallSpec => ({ frame: { function: '', module: '' }, self: none, calls })

export function writeCallTree(root: CallSpec, sequence = 1): Uint8Array {
  const writer = new Writer()
  const nodes: { depth: number, spec: CallSpec }[] = []
  const walk = (spec: CallSpec, depth: number) => {
    nodes.push({ depth, spec })
    for (const below of spec.calls) walk(below, depth + 1)
  }
  walk(root, 0)
  const texts = ['']
  const textOf = (text: string) => {
    if (!texts.includes(text)) texts.push(text)
    return BigInt(texts.indexOf(text))
  }
  const frames: FrameSpec[] = []
  const keys: string[] = []
  const frameOf = nodes.map(({ spec }, i) => {
    if (i === 0) return 0n
    const key = JSON.stringify(spec.frame)
    if (!keys.includes(key)) {
      keys.push(key)
      frames.push(spec.frame)
    }
    return BigInt(keys.indexOf(key))
  })
  const columns = [frames.map((frame) => textOf(frame.function)), frames.map((frame) => textOf(frame.module)), frames.map((frame) => textOf(frame.file ?? '')), frames.map((frame) => BigInt(frame.line ?? 0))]
  writer.byte(2)
  writer.varint(sequence)
  writer.varint(texts.length)
  for (const text of texts) writer.text(text)
  writer.varint(frames.length)
  for (const column of columns) writer.column(column)
  writer.varint(nodes.length)
  writer.column(nodes.map(({ depth }, i) => BigInt(i === 0 ? 0 : nodes[i - 1].depth + 1 - depth)))
  writer.column(frameOf)
  const isCompared = nodes.some(({ spec }) => spec.before !== undefined)
  const write = (of: (spec: CallSpec) => number[]) => {
    for (let figure = 0; figure < none.length; figure++) {
      writer.byte(0)
      writer.column(nodes.map(({ spec }) => BigInt(of(spec)[figure])))
    }
  }
  write((spec) => spec.self)
  writer.byte(isCompared ? 1 : 0)
  if (isCompared) write((spec) => spec.before ?? none)
  return Uint8Array.from(writer.bytes)
}

export const treeOf = (root: CallSpec, sequence = 1): CallTree => decodeCallTree(writeCallTree(root, sequence))

const names = ['main', 'parse', 'std::vector<int>::push_back(int const&)', 'malloc', 'Ünïcode', '']
const modules = ['/usr/bin/app', '/usr/lib/libc.so.6', 'C:\\Windows\\ntdll.dll', '']

/** Random trees; one call may call the same function twice, from two lines. */
export const callTrees: fc.Arbitrary<CallSpec> = fc.letrec<{ call: CallSpec }>((tie) => ({
  call: fc.record({
    frame: fc.record({ function: fc.constantFrom(...names), module: fc.constantFrom(...modules), file: fc.constantFrom('', 'a.c'), line: fc.nat({ max: 3 }) }, { noNullPrototype: true }),
    self: fc.array(fc.oneof(fc.constant(0), fc.nat({ max: 1_000_000 })), { minLength: 8, maxLength: 8 }),
    calls: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constant<CallSpec[]>([]), fc.array(tie('call'), { maxLength: 4 })),
  }),
})).call
