// The treemap's tree: the whole, its categories, their groups (a file, a heap, a thread, or an allocation without a name), their regions.
import { Category, categoryNames } from './colours.ts'
import type { Metric, RegionTable } from './region-table.ts'

export const NodeKind = { root: 0, category: 1, group: 2, region: 3 } as const

/**
 * Nodes as columns. Node 0 is the whole; then come all categories, all groups, all regions. The children of a node stand together,
 * the larger ones first: sizes are compared in steps of an eighth of a doubling, and within a step the address decides, so that
 * a figure that changes a little does not make boxes change places.
 */
export interface RegionTree {
  readonly table: RegionTable
  readonly metric: Metric
  readonly count: number
  readonly parent: Int32Array
  readonly firstChild: Int32Array
  readonly childCount: Int32Array
  /** Sum of the metric, in bytes, above 0: what has none of it has no node. */
  readonly value: Float64Array
  readonly category: Uint8Array
  /** A region's row; of a group the first of its rows; -1 for the others. */
  readonly row: Int32Array
  /** 1 for groups whose allocations share a name: their token is g:, that of the others a:. */
  readonly named: Uint8Array
  /** First node of each kind, and at the end the count. */
  readonly kindStart: readonly [number, number, number, number, number]
}

export function kindOf(tree: RegionTree, node: number): number {
  const [, categories, groups, regions] = tree.kindStart
  if (node < categories) return NodeKind.root
  if (node < groups) return NodeKind.category
  return node < regions ? NodeKind.group : NodeKind.region
}

const float = new Float32Array(1)
const floatBits = new Uint32Array(float.buffer)

/** Steps of an eighth of a doubling above 1 byte, below 512: the exponent and three bits of the fraction of a float. */
function sizeStep(value: number): number {
  float[0] = value
  return Math.max(0, (floatBits[0] >>> 20) - (127 << 3))
}

/** Ascending keys put the larger values first; index has 22 bits (the format's most rows fit). */
const sortKey = (value: number, index: number): number => ((511 - sizeStep(value)) << 22 | index) >>> 0
const keyIndex = (key: number): number => key & 0x3fffff

function sortKeys(keys: Uint32Array, from: number, to: number): void {
  if (to - from > 24) {
    keys.subarray(from, to).sort()
    return
  }
  for (let i = from + 1; i < to; i++) {
    const key = keys[i]
    let at = i
    for (; at > from && keys[at - 1] > key; at--) keys[at] = keys[at - 1]
    keys[at] = key
  }
}

/** Groups the rows of a table by one of its figures. */
export function buildTree(table: RegionTable, metric: Metric, showFree: boolean): RegionTree {
  const { base, category, detail } = table.columns
  const values = table.metric(metric)
  const rows = table.count
  const kinds = categoryNames.length

  // 1. Which group each row is in. Rows of one allocation follow each other; its first row names it.
  const groupOfRow = new Int32Array(rows).fill(-1)
  const groupOfName = new Int32Array(table.texts.length * kinds).fill(-1)
  const groupRow: number[] = []
  const groupRegions: number[] = []
  const groupValue: number[] = []
  let regions = 0
  let allocation = 0
  let group = -1
  for (let row = 0; row < rows; row++) {
    if (row === 0 || base[row] !== base[row - 1] || category[row] !== category[row - 1]) {
      allocation = row
      group = -1
    }
    const isGap = category[row] === Category.free || category[row] === Category.unusable
    if (!(values[row] > 0) || isGap && !showFree) continue
    if (group < 0) {
      const name = detail[allocation] * kinds + category[row]
      const isNamed = detail[allocation] > 0
      group = isNamed ? groupOfName[name] : -1
      if (group < 0) {
        group = groupRow.push(allocation) - 1
        groupRegions.push(0)
        groupValue.push(0)
        if (isNamed) groupOfName[name] = group
      }
    }
    groupOfRow[row] = group
    groupRegions[group]++
    groupValue[group] += values[row]
    regions++
  }

  // 2. The categories, largest first.
  const groups = groupRow.length
  const categoryValue = new Float64Array(kinds)
  const categoryGroups = new Int32Array(kinds)
  for (let i = 0; i < groups; i++) {
    const kind = category[groupRow[i]]
    categoryValue[kind] += groupValue[i]
    categoryGroups[kind]++
  }
  const present = categoryNames.map((_, kind) => kind).filter((kind) => categoryGroups[kind] > 0)
  present.sort((a, b) => sortKey(categoryValue[a], a) - sortKey(categoryValue[b], b))

  const groupStart = 1 + present.length
  const regionStart = groupStart + groups
  const count = regionStart + regions
  const tree = {
    table,
    metric,
    count,
    parent: new Int32Array(count).fill(-1),
    firstChild: new Int32Array(count),
    childCount: new Int32Array(count),
    value: new Float64Array(count),
    category: new Uint8Array(count),
    row: new Int32Array(count).fill(-1),
    named: new Uint8Array(count),
    kindStart: [0, 1, groupStart, regionStart, count] as const,
  }
  tree.firstChild[0] = 1
  tree.childCount[0] = present.length

  // 3. The groups of each category, largest first.
  const groupKeys = new Uint32Array(groups)
  const categoryNode = new Int32Array(kinds)
  const fill = new Int32Array(kinds)
  present.forEach((kind, i) => {
    const node = 1 + i
    categoryNode[kind] = node
    tree.parent[node] = 0
    tree.category[node] = kind
    tree.value[node] = categoryValue[kind]
    tree.value[0] += categoryValue[kind]
    tree.childCount[node] = categoryGroups[kind]
    tree.firstChild[node] = i === 0 ? groupStart : tree.firstChild[node - 1] + tree.childCount[node - 1]
    fill[kind] = tree.firstChild[node] - groupStart
  })
  for (let i = 0; i < groups; i++) groupKeys[fill[category[groupRow[i]]]++] = sortKey(groupValue[i], i)
  const groupNode = new Int32Array(groups)
  let next = regionStart
  for (const kind of present) {
    const parent = categoryNode[kind]
    const from = tree.firstChild[parent] - groupStart
    const to = from + tree.childCount[parent]
    sortKeys(groupKeys, from, to)
    for (let at = from; at < to; at++) {
      const i = keyIndex(groupKeys[at])
      const node = groupStart + at
      groupNode[i] = node
      tree.parent[node] = parent
      tree.category[node] = kind
      tree.value[node] = groupValue[i]
      tree.row[node] = groupRow[i]
      tree.named[node] = detail[groupRow[i]] > 0 ? 1 : 0
      tree.firstChild[node] = next
      tree.childCount[node] = groupRegions[i]
      next += groupRegions[i]
    }
  }

  // 4. The regions of each group, largest first.
  const rowKeys = new Uint32Array(regions)
  const rowFill = new Int32Array(groups)
  for (let row = 0; row < rows; row++) {
    const i = groupOfRow[row]
    if (i >= 0) rowKeys[tree.firstChild[groupNode[i]] - regionStart + rowFill[i]++] = sortKey(values[row], row)
  }
  for (let parent = groupStart; parent < regionStart; parent++) {
    const from = tree.firstChild[parent] - regionStart
    const to = from + tree.childCount[parent]
    if (to - from > 1) sortKeys(rowKeys, from, to)
    for (let at = from; at < to; at++) {
      const row = keyIndex(rowKeys[at])
      const node = regionStart + at
      tree.parent[node] = parent
      tree.category[node] = tree.category[parent]
      tree.value[node] = values[row]
      tree.row[node] = row
    }
  }
  return tree
}
