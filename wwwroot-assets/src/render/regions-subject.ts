// The regions of a process, live or kept, as a panel shows them.
import { Category, categoryNames } from '../lib/colours.ts'
import { metricNames } from '../lib/describe.ts'
import { type RegionFilter, type RowPredicate, parseFilter } from '../lib/filter.ts'
import { formatBytes, formatCount } from '../lib/format.ts'
import { type Palette, dimRows, legendOf, makePalette, paintRows } from '../lib/palette.ts'
import { rowsOf } from '../lib/token.ts'
import type { ViewState } from '../lib/view-state.ts'
import { MapPicture } from './map-picture.ts'
import { type PanelSubject, type Shown, allowsMotion } from './panel-subject.ts'
import { TreemapPicture } from './treemap-picture.ts'

export class RegionsSubject implements PanelSubject {
  readonly pictures = { treemap: new TreemapPicture(allowsMotion), map: new MapPicture() }
  // Made anew only when what they are made of changes: a live process is painted every second.
  #filter: { text: string, filter: RegionFilter } = { text: '', filter: parseFilter('') }
  #palette: { key: string, palette: Palette } = { key: '', palette: makePalette('category', 'light') }

  paint(shown: Shown, state: ViewState): ReturnType<PanelSubject['paint']> {
    const { area, colour, theme, showFree } = state
    const { table, platform } = shown
    const palette = this.#paletteOf(state)
    const rowColours = paintRows(table, colour)
    const isWanted = this.#wanted(shown, state)
    const isCategoryDimmed = categoryNames.map(() => false)
    if (isWanted !== null) {
      dimRows(rowColours, isWanted)
      const hasWanted = new Set<number>()
      for (let row = 0; row < table.count; row++) if (isWanted(row)) hasWanted.add(table.columns.category[row])
      categoryNames.forEach((_, category) => { isCategoryDimmed[category] = !hasWanted.has(category) })
    }
    return {
      input: { table, platform, area, showFree, rowColours, isCategoryDimmed, palette, isColouredByCategory: colour === 'category', theme },
      legend: legendOf(table, colour, palette, platform, showFree || state.view === 'map'),
    }
  }

  summary({ table }: Shown, { area, view, category, filter }: ViewState): string {
    const values = table.metric(area)
    const { category: kinds } = table.columns
    const sums = new Float64Array(categoryNames.length)
    let regions = 0
    for (let row = 0; row < table.count; row++) {
      if (kinds[row] === Category.free || kinds[row] === Category.unusable) continue
      sums[kinds[row]] += values[row]
      regions++
    }
    const largest = categoryNames.map((name, kind) => ({ name, sum: sums[kind] })).filter(({ sum }) => sum > 0).sort((a, b) => b.sum - a.sum)
    const total = largest.reduce((all, { sum }) => all + sum, 0)
    return `${view === 'treemap' ? 'Treemap' : 'Address map'} of ${formatCount(regions)} regions by ${metricNames[area].toLowerCase()}, ${formatBytes(total)} in all` +
      `${largest.length > 0 ? ': ' : ''}${largest.map(({ name, sum }) => `${name} ${formatBytes(sum)}`).join(', ')}.` +
      `${category !== '' ? ` Category ${category}.` : ''}${filter !== '' ? ` Filter ${filter}.` : ''}`
  }

  emptyText({ table }: Shown, { area }: ViewState): string {
    return table.count === 0 ? 'This process has no memory mapped.' : `No region has any ${metricNames[area].toLowerCase()} to draw: choose Size as the area.`
  }

  #paletteOf({ colour, theme }: ViewState): Palette {
    const key = `${colour} ${theme}`
    if (this.#palette.key !== key) this.#palette = { key, palette: makePalette(colour, theme) }
    return this.#palette.palette
  }

  /** Which rows are not dimmed; null for all of them. */
  #wanted({ table, platform }: Shown, state: ViewState): RowPredicate | null {
    if (this.#filter.text !== state.filter) this.#filter = { text: state.filter, filter: parseFilter(state.filter) }
    const { filter } = this.#filter
    const byFilter = filter.isEmpty ? null : filter.bind(table, platform)
    const byCategory = state.category === '' ? null : rowsOf(table, `c:${state.category}`)
    if (byFilter === null || byCategory === null) return byFilter ?? byCategory
    return (row) => byCategory(row) && byFilter(row)
  }
}
