// What changed between two snapshots, as a panel shows it: the difference, or either side in the same places.
import { categoryNames } from '../lib/colours.ts'
import { metricNames, rowsBelow } from '../lib/describe.ts'
import { describeChange, describeChanges, formatDelta } from '../lib/describe-diff.ts'
import { type Diff, Change, Matching } from '../lib/diff.ts'
import { DiffColour, makeDiffPalette } from '../lib/diff-palette.ts'
import { parseFilter } from '../lib/filter.ts'
import { formatBytes, formatCount } from '../lib/format.ts'
import { type LegendEntry, type Palette, dimRows, dimmed, gapColour, paintRows } from '../lib/palette.ts'
import { nodeName } from '../lib/region-names.ts'
import type { Metric, RegionTable } from '../lib/region-table.ts'
import { NodeKind, type RegionTree, kindOf } from '../lib/region-tree.ts'
import { SegmentTable } from '../lib/segment-table.ts'
import { type BoxMeasure, UnionTable, valueAfter, valueBefore } from '../lib/union-table.ts'
import { type Side, type ViewState, defaultState } from '../lib/view-state.ts'
import type { ChangeLook, Mark, NodeChanges, RowChanges } from './change-look.ts'
import { MapPicture } from './map-picture.ts'
import { type PanelSubject, type Shown, allowsMotion } from './panel-subject.ts'
import { TreemapPicture } from './treemap-picture.ts'

export class DiffSubject implements PanelSubject {
  readonly #diff: Diff
  readonly #unions = new Map<BoxMeasure, UnionTable>()
  readonly #segments = new Map<Side, SegmentTable>()
  readonly #sums = new WeakMap<RegionTree, { before: Float64Array, after: Float64Array }>()
  readonly pictures
  /** Of the side that is shown: the palette's place for each row of the union, dimmed ones included. */
  #rowColours = new Uint8Array(0)
  #side: Side = 'difference'
  #metric: Metric = defaultState.area

  constructor(diff: Diff) {
    this.#diff = diff
    const nodes: NodeChanges = { leaf: (tree, node) => this.#leaf(tree, node), text: (tree, node) => this.#nodeText(tree, node) }
    const rows: RowChanges = { row: (table, row) => this.#piece(table, row), text: (table, row) => this.#pieceText(table, row) }
    this.pictures = {
      treemap: new TreemapPicture(allowsMotion, { changes: nodes, describe: (tree, node) => this.#describeNode(tree, node) }),
      map: new MapPicture({ changes: rows, describe: (table, row) => this.#describePiece(table, row) }),
    }
  }

  /** What the panel is given to show. */
  get shown(): Shown {
    return { sequence: 1, platform: this.#diff.platform, table: this.#union('both') }
  }

  paint(_: Shown, state: ViewState): ReturnType<PanelSubject['paint']> {
    const { area, theme, side, view, boxes } = state
    const diff = this.#diff
    this.#side = side
    this.#metric = area
    const palette = makeDiffPalette(side === 'difference', theme)
    this.#rowColours = this.#paintRows()
    const isCategoryDimmed = categoryNames.map(() => false)
    const isWanted = this.#wanted(state)
    const table = this.#union(boxes)
    if (isWanted !== null) {
      dimRows(this.#rowColours, isWanted)
      const hasWanted = new Set<number>()
      for (let row = 0; row < diff.count; row++) if (isWanted(row)) hasWanted.add(table.columns.category[row])
      categoryNames.forEach((_name, category) => { isCategoryDimmed[category] = !hasWanted.has(category) })
    }
    return {
      input: {
        table: view === 'map' ? this.#segment(side) : table, platform: diff.platform, area, showFree: false, rowColours: this.#rowColours,
        isCategoryDimmed, palette, isColouredByCategory: true, theme,
      },
      legend: side === 'difference' ? changeLegend(palette) : [],
    }
  }

  summary(_: Shown, { area, view, side, category, filter }: ViewState): string {
    const diff = this.#diff
    let growth = 0
    let shrinkage = 0
    let changed = 0
    for (let row = 0; row < diff.count; row++) {
      const delta = valueAfter(diff, area, row) - valueBefore(diff, area, row)
      if (diff.change[row] !== Change.same) changed++
      if (delta > 0) growth += delta
      else shrinkage -= delta
    }
    return `${view === 'treemap' ? 'Treemap' : 'Address map'} of ${formatCount(diff.count)} regions, ${side === 'difference' ? 'what changed' : `as they were ${side}`}, by ${metricNames[area].toLowerCase()}: ` +
      `${formatCount(changed)} changed, +${formatBytes(growth)} and \u2212${formatBytes(shrinkage)}.` +
      `${category !== '' ? ` Category ${category}.` : ''}${filter !== '' ? ` Filter ${filter}.` : ''}`
  }

  emptyText(_: Shown, { area, boxes }: ViewState): string {
    const name = metricNames[area].toLowerCase()
    return boxes === 'change' ? `Nothing changed in ${name}: draw boxes by before and after, or compare another figure.` : `Neither snapshot has any ${name} to draw: compare another figure.`
  }

  #union(measure: BoxMeasure): UnionTable {
    let table = this.#unions.get(measure)
    if (table === undefined) this.#unions.set(measure, table = new UnionTable(this.#diff, measure))
    return table
  }

  /** By address one map serves all sides, so that it keeps its place. */
  #segment(side: Side): SegmentTable {
    const key = this.#diff.matching === Matching.address ? 'difference' : side
    let table = this.#segments.get(key)
    if (table === undefined) this.#segments.set(key, table = new SegmentTable(this.#diff, key))
    return table
  }

  #paintRows(): Uint8Array<ArrayBuffer> {
    const { count, change, beforeRow, afterRow, before, after } = this.#diff
    const paint = new Uint8Array(count)
    if (this.#side !== 'difference') {
      const rows = this.#side === 'before' ? beforeRow : afterRow
      const own = paintRows(this.#side === 'before' ? before : after, 'category')
      // What is not there is drawn empty, whatever its colour.
      for (let row = 0; row < count; row++) paint[row] = rows[row] < 0 ? DiffColour.same : own[rows[row]]
      return paint
    }
    for (let row = 0; row < count; row++) {
      const delta = this.#delta(row)
      paint[row] = delta > 0 ? DiffColour.growth : delta < 0 ? DiffColour.shrinkage : change[row] === Change.same ? DiffColour.same : DiffColour.changed
    }
    return paint
  }

  /** Rows that are not dimmed, as they were or as they are; null for all. */
  #wanted({ filter: text, category }: ViewState): ((row: number) => boolean) | null {
    const { beforeRow, afterRow, before, after, platform } = this.#diff
    const filter = parseFilter(text)
    const isOld = filter.isEmpty ? null : filter.bind(before, platform)
    const isNew = filter.isEmpty ? null : filter.bind(after, platform)
    const byCategory = category === '' ? null : this.#union('both').tokens.rows(`c:${category}`)
    if (isOld === null && byCategory === null) return null
    return (row) => (byCategory === null || byCategory(row)) &&
      (isOld === null || isNew === null || beforeRow[row] >= 0 && isOld(beforeRow[row]) || afterRow[row] >= 0 && isNew(afterRow[row]))
  }

  #delta(row: number): number {
    return valueAfter(this.#diff, this.#metric, row) - valueBefore(this.#diff, this.#metric, row)
  }

  /** How the difference is drawn in a box that stands for `whole` bytes. */
  #look(row: number, delta: number, whole: number, isOne: boolean): ChangeLook {
    const { change } = this.#diff
    const dim = this.#rowColours[row] >= dimmed ? dimmed : 0
    const same = DiffColour.same + dim
    if (delta === 0) return { colour: (isOne && change[row] !== Change.same ? DiffColour.changed : DiffColour.same) + dim, rest: same, share: 1, mark: '' }
    const share = whole > 0 ? Math.min(1, Math.abs(delta) / whole) : 1
    const mark: Mark = !isOne ? '' : change[row] === Change.added ? 'added' : change[row] === Change.removed ? 'removed' : ''
    const colour = delta > 0 ? DiffColour.growth : mark === 'removed' ? DiffColour.shrinkagePale : DiffColour.shrinkage
    return { colour: colour + dim, rest: same, share, mark }
  }

  #sideLook(row: number, category: number, isThere: boolean, share: number): ChangeLook {
    const rest = gapColour(category)
    return isThere ? { colour: this.#rowColours[row], rest, share: Math.min(1, share), mark: '' } : { colour: rest, rest, share: 1, mark: 'absent' }
  }

  #leaf(tree: RegionTree, node: number): ChangeLook {
    const { before, after } = this.#sumsOf(tree)
    let at = node
    while (tree.childCount[at] > 0) at = tree.firstChild[at]
    const row = tree.row[at]
    const isOne = kindOf(tree, node) === NodeKind.region || tree.childCount[node] === 1
    if (this.#side === 'difference') return this.#look(row, after[node] - before[node], tree.value[node], isOne)
    const value = this.#side === 'before' ? before[node] : after[node]
    return this.#sideLook(row, tree.category[node], value > 0, value / tree.value[node])
  }

  #nodeText(tree: RegionTree, node: number): string {
    const { before, after } = this.#sumsOf(tree)
    if (this.#side === 'difference') return cellDelta(after[node] - before[node])
    return formatBytes(this.#side === 'before' ? before[node] : after[node])
  }

  #sumsOf(tree: RegionTree): { before: Float64Array, after: Float64Array } {
    let sums = this.#sums.get(tree)
    if (sums === undefined) {
      const before = new Float64Array(tree.count)
      const after = new Float64Array(tree.count)
      // Children stand behind their parents.
      for (let node = tree.count - 1; node >= 0; node--) {
        if (tree.childCount[node] === 0 && tree.row[node] >= 0) {
          before[node] = valueBefore(this.#diff, tree.metric, tree.row[node])
          after[node] = valueAfter(this.#diff, tree.metric, tree.row[node])
        }
        const parent = tree.parent[node]
        if (parent < 0) continue
        before[parent] += before[node]
        after[parent] += after[node]
      }
      this.#sums.set(tree, sums = { before, after })
    }
    return sums
  }

  #piece(table: RegionTable, row: number): ChangeLook {
    if (!(table instanceof SegmentTable)) throw new Error('diff: the map draws pieces of the address space')
    const union = table.unionRow[row]
    const whole = table.metric('size')[row]
    if (this.#side !== 'difference') {
      const isBefore = this.#side === 'before'
      const isThere = isBefore ? table.wasThere(row) : table.isThere(row)
      const value = isBefore ? table.before(this.#metric, row) : table.after(this.#metric, row)
      return this.#sideLook(union, table.columns.category[row], isThere, whole > 0 ? value / whole : 1)
    }
    const look = this.#look(union, table.delta(this.#metric, row), whole, false)
    // Where memory is that was not, or was that is not, though the region itself only grew or shrank.
    const isByAddress = this.#diff.matching === Matching.address
    const isNew = isByAddress ? !table.wasThere(row) : this.#diff.change[union] === Change.added
    const isGone = isByAddress ? !table.isThere(row) : this.#diff.change[union] === Change.removed
    if (isNew) return { ...look, mark: 'added' }
    return isGone ? { ...look, colour: look.colour === DiffColour.shrinkage ? DiffColour.shrinkagePale : look.colour, mark: 'removed' } : look
  }

  #pieceText(table: RegionTable, row: number): string {
    if (!(table instanceof SegmentTable)) return ''
    if (this.#side === 'difference') return cellDelta(Math.round(table.delta(this.#metric, row)))
    return formatBytes(this.#side === 'before' ? valueBefore(this.#diff, this.#metric, table.unionRow[row]) : valueAfter(this.#diff, this.#metric, table.unionRow[row]))
  }

  #describeNode(tree: RegionTree, node: number): ReturnType<typeof describeChange> {
    return kindOf(tree, node) === NodeKind.region
      ? describeChange(this.#diff, tree.row[node])
      : describeChanges(this.#diff, rowsBelow(tree, node), nodeName(tree, node), tree.category[node])
  }

  #describePiece(table: RegionTable, row: number): ReturnType<typeof describeChange> {
    const union = table instanceof SegmentTable ? table.unionRow[row] : row
    if (union >= 0) return describeChange(this.#diff, union)
    return { title: 'Free', category: table.columns.category[row], lines: [['Size', formatBytes(table.metric('size')[row])]] }
  }
}

/** What did not change says nothing: the signs are for what did. */
const cellDelta = (bytes: number): string => bytes === 0 ? '' : formatDelta(bytes)

function changeLegend({ css }: Palette): LegendEntry[] {
  return [
    { name: '+ grown (hatched: added)', colour: css[DiffColour.growth] },
    { name: '\u2212 shrunk (outlined: removed)', colour: css[DiffColour.shrinkage] },
    { name: '\u00B1 other', colour: css[DiffColour.changed] },
    { name: '= same', colour: css[DiffColour.same] },
  ]
}
