// What names a node of a call tree in addresses and towards the page: the same path has the same token in every moment. The hub's
// CallTreeTokens makes the same ones.
import type { CallFrame, CallTree } from './call-tree.ts'

const prefix = 'n:'

/** FNV-1a over UTF-16 code units (http://www.isthe.com/chongo/tech/comp/fnv/), two of them for 64 bits. */
function hashFrame({ function: name, module, file, line }: CallFrame): [number, number] {
  const text = `${name}\0${module}\0${file}\0${line}`
  let first = 0x811C9DC5
  let second = 0x01234567
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    first = Math.imul(first ^ unit, 0x01000193)
    second = Math.imul(second ^ unit, 0x0100018D)
  }
  return [first, second]
}

const turn = (value: number): number => value << 5 | value >>> 27
const hex = (value: number): string => (value >>> 0).toString(16).padStart(8, '0')

/** Tokens of one tree, and the nodes they name. Made when first asked for. */
export class CallTreeTokens {
  readonly #first: Int32Array
  readonly #second: Int32Array
  #nodes: Map<string, number> | null = null

  constructor(tree: CallTree) {
    const frames = tree.frames.map(hashFrame)
    const first = this.#first = new Int32Array(tree.count)
    const second = this.#second = new Int32Array(tree.count)
    for (let node = 1; node < tree.count; node++) {
      const [a, b] = frames[tree.frame[node]]
      const parent = tree.parent[node]
      first[node] = Math.imul(turn(first[parent]) ^ a, 0x9E3779B1)
      second[node] = Math.imul(turn(second[parent]) ^ b, 0x85EBCA6B)
    }
  }

  /** The whole has the empty token. */
  of(node: number): string {
    return node <= 0 ? '' : `${prefix}${hex(this.#first[node])}${hex(this.#second[node])}`
  }

  /** The node of a token; 0 for the empty one, -1 when it is not in the tree now. */
  find(token: string): number {
    if (token === '') return 0
    if (!/^n:[0-9a-f]{16}$/.test(token)) return -1
    if (this.#nodes === null) {
      const nodes = this.#nodes = new Map<string, number>()
      for (let node = this.#first.length - 1; node > 0; node--) nodes.set(this.of(node), node)
    }
    return this.#nodes.get(token) ?? -1
  }
}
