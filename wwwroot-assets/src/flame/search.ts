// What a search finds in a call tree.
import type { CallTree, Figure } from './call-tree.ts'

/** Immutable. */
export interface Matches {
  /** One for each frame that matches. */
  readonly frames: Uint8Array
  /** How many nodes match. */
  readonly count: number
  /** What the nodes that match have of a figure, none of it counted twice where one calls the other. */
  sum(figure: Figure): number
  /** The next node after one that matches, or with a step of -1 the one before it, in the order of calls and round the end; -1 when none does. */
  next(node: number, step: 1 | -1): number
}

/** Frames whose function, module or file has the text in it, whatever the case; null when there is nothing to search for. */
export function search(tree: CallTree, text: string): Matches | null {
  const wanted = text.trim().toLowerCase()
  if (wanted === '') return null
  const frames = Uint8Array.from(tree.frames, ({ function: name, module, file }) =>
    [name, module, file].some((part) => part.toLowerCase().includes(wanted)) ? 1 : 0)
  const isMatch = (node: number) => node > 0 && frames[tree.frame[node]] === 1
  let count = 0
  for (let node = 1; node < tree.count; node++) if (isMatch(node)) count++
  return {
    frames,
    count,
    sum(figure) {
      let sum = 0
      for (let node = 1; node < tree.count;) {
        if (isMatch(node)) {
          sum += tree.total[figure][node]
          node = tree.end[node]
        } else {
          node++
        }
      }
      return sum
    },
    next(node, step) {
      for (let i = 1; i <= tree.count; i++) {
        const at = ((node + i * step) % tree.count + tree.count) % tree.count
        if (isMatch(at)) return at
      }
      return -1
    },
  }
}
