// Everything there is to say about a box, for its tooltip and for screen readers.
import { Category, categoryNames } from './colours.ts'
import { formatBytes, formatCount, formatExactBytes, formatPageAddress, formatShare } from './format.ts'
import { protectionText } from './protection.ts'
import { type Metric, type Platform, type RegionTable, pageSize } from './region-table.ts'
import { NodeKind, type RegionTree, kindOf } from './region-tree.ts'

export interface Description {
  readonly title: string
  readonly category: number
  readonly lines: readonly (readonly [name: string, value: string])[]
}

export const metricNames: Readonly<Record<Metric, string>> = {
  size: 'Size', committed: 'Committed', private: 'Private', totalWs: 'Working set', privateWs: 'Private WS', shareableWs: 'Shareable WS',
  sharedWs: 'Shared WS', lockedWs: 'Locked WS', pss: 'PSS', swap: 'Swap', reserved: 'Reserved',
}

const shown: readonly Metric[] = ['committed', 'private', 'totalWs', 'privateWs', 'shareableWs', 'sharedWs', 'lockedWs', 'pss', 'swap']

const withExact = (bytes: number): string => bytes < 1024 ? formatExactBytes(bytes) : `${formatBytes(bytes)} (${formatExactBytes(bytes)})`

/** One region. */
export function describeRow(table: RegionTable, row: number, platform: Platform): Description {
  const { page, pages, base, category, protection } = table.columns
  const kind = category[row]
  const isGap = kind === Category.free || kind === Category.unusable
  const lines: [string, string][] = [
    ['Addresses', `${formatPageAddress(page[row])} - ${formatPageAddress(page[row] + pages[row])}`],
  ]
  if (base[row] !== page[row]) lines.push(['Allocation', formatPageAddress(base[row])])
  lines.push(['Size', withExact(pages[row] * pageSize)])
  if (!isGap) lines.push(['Protection', protectionText(protection[row], platform)])
  for (const metric of shown) {
    const value = table.value(metric, row)
    if (value > 0) lines.push([metricNames[metric], withExact(value)])
  }
  return { title: table.detail(row) === '' ? categoryNames[kind] : table.detail(row), category: kind, lines }
}

/** A category or group: the sums of what is below it. */
export function describeNode(tree: RegionTree, node: number, platform: Platform): Description {
  const { table, metric, value, parent, category } = tree
  if (kindOf(tree, node) === NodeKind.region) return describeRow(table, tree.row[node], platform)
  const isCategory = kindOf(tree, node) !== NodeKind.group
  const rows = rowsBelow(tree, node)
  const sums = new Map<Metric, number>()
  for (const row of rows) for (const name of ['size' as const, ...shown]) sums.set(name, (sums.get(name) ?? 0) + table.value(name, row))
  const lines: [string, string][] = []
  if (!isCategory && tree.named[node] === 0) lines.push(['Allocation', formatPageAddress(table.columns.base[tree.row[node]])])
  lines.push(['Regions', formatCount(rows.length)])
  for (const [name, sum] of sums) if (sum > 0) lines.push([metricNames[name], withExact(sum)])
  if (parent[node] >= 0) lines.push(['Share', `${formatShare(value[node] / value[0])} of all ${metricNames[metric].toLowerCase()}`])
  const title = isCategory ? (node === 0 ? 'All' : categoryNames[category[node]]) : table.detail(tree.row[node]) || categoryNames[category[node]]
  return { title, category: category[node], lines }
}

/** The rows of the regions below a node. */
export function rowsBelow(tree: RegionTree, node: number): Int32Array {
  let from = node
  let to = node + 1
  while (to > from && tree.childCount[from] > 0) {
    const last = to - 1
    ;[from, to] = [tree.firstChild[from], tree.firstChild[last] + tree.childCount[last]]
  }
  return tree.row.subarray(from, to)
}
