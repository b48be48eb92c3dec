// A call tree in words: for tooltips and for screen readers.
import { formatBytes, formatCount, formatExactBytes, formatShare } from '../lib/format.ts'
import type { Description } from '../lib/describe.ts'
import { type CallTree, type Figure, figures, growthIn, isBytes, nameOf, selfOf } from './call-tree.ts'
import type { Matches } from './search.ts'

export const figureNames: Readonly<Record<Figure, string>> = {
  liveBytes: 'Live', liveBlocks: 'Live blocks', allocatedBytes: 'Allocated', allocations: 'Allocations', freedBytes: 'Freed', frees: 'Frees',
  temporaryBytes: 'Temporary', temporaries: 'Temporaries',
}

/** A figure in its unit: "34.1 MiB", "1,234". */
export const formatFigure = (figure: Figure, value: number): string => isBytes(figure) ? formatBytes(value) : formatCount(value)

const withExact = (figure: Figure, value: number): string =>
  isBytes(figure) && value >= 1024 ? `${formatBytes(value)} (${formatExactBytes(value)})` : formatFigure(figure, value)

/** A figure with a sign in text: "+1.2 MiB", "\u22124 KiB". */
export const formatGrowth = (value: number, figure: Figure = 'liveBytes'): string => `${value > 0 ? '+' : value < 0 ? '\u2212' : ''}${formatFigure(figure, Math.abs(value))}`

/** Everything there is to say about a node. */
export function describeCall(tree: CallTree, node: number, figure: Figure): Description {
  const lines: [string, string][] = []
  if (node > 0) {
    const { module, file, line } = tree.frames[tree.frame[node]]
    if (module !== '') lines.push(['Module', module])
    if (file !== '') lines.push(['Source', line > 0 ? `${file}:${line}` : file])
  }
  for (const name of figures) {
    const [now, before] = [tree.total[name][node], tree.before?.[name][node] ?? 0]
    if (tree.before !== null && (now > 0 || before > 0)) lines.push([figureNames[name], `${formatGrowth(now - before, name)}: ${formatFigure(name, before)} before, ${formatFigure(name, now)} now`])
    else if (now > 0) lines.push([figureNames[name], withExact(name, now)])
  }
  const growth = tree.total.allocatedBytes[node] - tree.total.freedBytes[node]
  if (tree.before === null && growth !== 0) lines.push(['Growth', formatGrowth(growth)])
  const self = selfOf(tree, figure, node)
  if (node > 0 && self > 0) lines.push(['Of it itself', withExact(figure, self)])
  if (node > 0 && tree.before === null && tree.total[figure][0] > 0) lines.push(['Share', `${formatShare(tree.total[figure][node] / tree.total[figure][0])} of all ${figureNames[figure].toLowerCase()}`])
  return { title: nameOf(tree, node), category: 0, lines }
}

/** The picture in words. */
export function summarise(tree: CallTree, figure: Figure, isBottomUp: boolean): string {
  const total = tree.width[figure]
  let widest = -1
  for (let child = 1; child < tree.count; child = tree.end[child]) if (total[child] > (widest < 0 ? 0 : total[widest])) widest = child
  const way = isBottomUp ? 'callers below what they call' : 'what is called below its callers'
  const text = `Flame graph of ${formatCount(tree.count - 1)} calls, ${way}: ${formatFigure(figure, tree.total[figure][0])} ${figureNames[figure].toLowerCase()}.`
  if (tree.before !== null) {
    const grown = `${text} ${formatGrowth(growthIn(tree, figure, 0), figure)} since the span that it is compared with.`
    return widest < 0 ? grown : `${grown} Widest: ${nameOf(tree, widest)} with ${formatGrowth(growthIn(tree, figure, widest), figure)}.`
  }
  return widest < 0 ? text : `${text} Widest: ${nameOf(tree, widest)} with ${formatFigure(figure, total[widest])}, ${formatShare(total[widest] / total[0])}.`
}

/** What a search found. */
export function describeMatches(tree: CallTree, figure: Figure, matches: Matches): string {
  if (matches.count === 0) return 'Nothing matches'
  const sum = matches.sum(figure)
  const calls = matches.count === 1 ? '1 call matches' : `${formatCount(matches.count)} calls match`
  return `${calls}: ${formatFigure(figure, sum)}, ${formatShare(tree.total[figure][0] > 0 ? sum / tree.total[figure][0] : 0)}`
}
