// The timeline of a recording, for Blazor: what is live of the heap as an area, what is live of virtual memory as a line, what is allocated
// and freed a second of the memory that is looked at as lines, with marks and a brush over them. A thin wrapper over apexcharts 4.7.0.
import ApexCharts from 'apexcharts'
import { type BinaryScale, binaryScale } from '../lib/binary-scale.ts'
import { type Theme, signs } from '../lib/colours.ts'
import { formatBytes, formatExactBytes } from '../lib/format.ts'
import { type Span, type TimeScale, placeOf, spanOf } from '../lib/time-brush.ts'
import { element } from '../render/elements.ts'
import { type DotNetObject, notify } from './dotnet.ts'
import { maxPoints, themed } from './timeline-chart.ts'

/** Of which memory the rates are. */
export type RatesOf = 'heap' | 'virtual' | 'all'

/** Columns of the same length: milliseconds since 1970 UTC, bytes, bytes, bytes a second, bytes a second. */
export interface RecordingColumns {
  readonly times: number[]
  readonly live: number[]
  readonly liveVirtual: number[]
  readonly allocated: number[]
  readonly freed: number[]
  readonly rates: RatesOf
}

export interface RecordingMark { readonly time: number, readonly label: string }

export interface RecordingChartState {
  readonly theme: Theme
  readonly marks: readonly RecordingMark[]
  /** The chosen span in milliseconds; null for an end that is not chosen. */
  readonly from: number | null
  readonly to: number | null
}

export interface RecordingChart {
  set(columns: RecordingColumns): void
  update(partial: Partial<RecordingChartState>): void
  dispose(): void
}

/** The first two have an axis each: what programs reserve of virtual memory is often thousands of times their heap, which would lie flat beside it. */
const liveNames = ['Live heap', 'Live virtual (own scale)'] as const
const rateNames: Readonly<Record<RatesOf, readonly [string, string]>> = {
  heap: ['Heap allocated a second', 'Heap freed a second'],
  virtual: ['Virtual allocated a second', 'Virtual freed a second'],
  all: ['All allocated a second', 'All freed a second'],
}

const namesOf = (rates: RatesOf): readonly string[] => [...liveNames, ...rateNames[rates]]

const typeOf = (series: number): 'area' | 'line' => series === 0 ? 'area' : 'line'

/** The text's own colour for virtual memory: no other stands as far from the three beside it, in both themes and under any sight. */
const coloursOf = (theme: Theme): string[] => [signs[theme].accent, signs[theme].text, signs[theme].growth, signs[theme].shrinkage]

/** Narrower than this, a phone, the plot needs the room of the second axis; hovering tells its figures. */
const roomForTwoAxes = 560

interface Scales { readonly live: BinaryScale, readonly liveVirtual: BinaryScale, readonly rate: BinaryScale, readonly hasVirtual: boolean }

function axes({ live, liveVirtual, rate, hasVirtual }: Scales, rates: RatesOf, theme: Theme): ApexYAxis[] {
  const labels = { formatter: formatBytes, style: { fontSize: '11px' }, minWidth: 56 }
  const rateLabels = { ...labels, formatter: (bytes: number) => `${formatBytes(bytes)}/s` }
  const common = { min: 0, forceNiceScale: false }
  // Of two axes side by side each has the colour of its line.
  const liveLabels = (series: number) => hasVirtual ? { ...labels, style: { ...labels.style, colors: coloursOf(theme)[series] } } : labels
  const rateName = rateNames[rates][0]
  return [
    { ...common, seriesName: liveNames[0], max: live.max, tickAmount: live.steps, labels: liveLabels(0) },
    { ...common, seriesName: liveNames[1], max: liveVirtual.max, tickAmount: liveVirtual.steps, labels: liveLabels(1), show: hasVirtual },
    { ...common, seriesName: rateName, max: rate.max, tickAmount: rate.steps, labels: rateLabels, opposite: true },
    { ...common, seriesName: rateName, max: rate.max, show: false },
  ]
}

const highest = (...columns: number[][]): number => columns.reduce((most, column) => column.reduce((a, b) => Math.max(a, b), most), 0)

/** Builds the chart inside root, which gives it its size. Calls back OnSpan(from, to) with milliseconds, -1 for an end that is not chosen. */
export function create(root: HTMLElement, dotnet: DotNetObject, first: RecordingChartState): RecordingChart {
  let state = first
  let columns: RecordingColumns = { times: [], live: [], liveVirtual: [], allocated: [], freed: [], rates: 'heap' }
  let scales: Scales = { live: binaryScale(0), liveVirtual: binaryScale(0), rate: binaryScale(0), hasVirtual: false }
  let disposed = false
  let pressed: { x: number, pointer: number } | null = null
  let dragged = 0
  const stop = new AbortController()
  const plot = element('div', 'wvm-recording-plot')
  const overlay = element('div', 'wvm-brush')
  const shade = element('div', 'wvm-brush-span')
  shade.hidden = true
  overlay.append(shade)
  root.replaceChildren(plot, overlay)
  const base = themed(state.theme)
  const chart = new ApexCharts(plot, {
    ...base,
    chart: {
      ...base.chart, type: 'line', height: '100%', width: '100%', animations: { enabled: false }, toolbar: { show: false }, zoom: { enabled: false }, selection: { enabled: false },
      parentHeightOffset: 0, fontFamily: 'inherit', events: { mounted: () => { place() }, updated: () => { place() } },
    },
    series: namesOf(columns.rates).map((name, i) => ({ name, type: typeOf(i), data: [] })),
    colors: coloursOf(state.theme),
    dataLabels: { enabled: false },
    stroke: { width: [1, 2, 1.5, 1.5], dashArray: [0, 0, 0, 4], curve: 'straight' },
    fill: { type: 'solid', opacity: [0.25, 1, 1, 1] },
    // In one row: what shares an axis would be put one below the other.
    legend: { show: true, clusterGroupedSeries: false, markers: { size: 4 }, position: 'top', horizontalAlign: 'left', fontSize: '11px', offsetX: 40, onItemClick: { toggleDataSeries: false }, onItemHover: { highlightDataSeries: false }, itemMargin: { vertical: 0 } },
    noData: { text: 'Waiting for the first interval' },
    xaxis: { type: 'datetime', labels: { datetimeUTC: true, style: { fontSize: '11px' } }, axisBorder: { show: false }, axisTicks: { show: false }, tooltip: { enabled: false } },
    yaxis: axes(scales, columns.rates, state.theme),
    tooltip: { ...base.tooltip, shared: true, x: { format: 'HH:mm:ss' }, y: { formatter: (bytes: number, { seriesIndex }: { seriesIndex: number }) => `${formatBytes(bytes)}${seriesIndex >= liveNames.length ? '/s' : ''} (${formatExactBytes(Math.round(bytes))})` } },
  })
  const ready = chart.render()
  const later = (change: () => Promise<unknown>) => {
    ready.then(() => disposed ? undefined : change()).catch((error: unknown) => { console.debug('recording chart', error) })
  }

  /** Where the chart has drawn its plot, relative to root. */
  const scale = (): TimeScale | null => {
    const grid = plot.querySelector('.apexcharts-grid')?.getBoundingClientRect()
    const { times } = columns
    if (grid === undefined || grid.width === 0 || times.length < 2) return null
    return { left: grid.left - root.getBoundingClientRect().left, width: grid.width, first: times[0], last: times[times.length - 1] }
  }

  function place(): void {
    const at = scale()
    for (const old of overlay.querySelectorAll('.wvm-mark')) old.remove()
    shade.hidden = true
    if (at === null) return
    for (const { time, label } of state.marks) {
      if (time < at.first || time > at.last) continue
      const mark = element('div', 'wvm-mark')
      mark.style.left = `${placeOf(at, time)}px`
      mark.append(element('span', 'wvm-mark-label', label))
      mark.title = label
      overlay.append(mark)
    }
    if (pressed !== null) shadeBetween(Math.min(pressed.x, dragged), Math.max(pressed.x, dragged))
    else if (state.from !== null || state.to !== null) shadeBetween(placeOf(at, state.from ?? at.first), placeOf(at, state.to ?? at.last))
  }

  function shadeBetween(left: number, right: number): void {
    shade.hidden = false
    shade.style.left = `${left}px`
    shade.style.width = `${Math.max(1, right - left)}px`
  }

  const tell = (span: Partial<Record<keyof Span, number | null>>) => {
    state = { ...state, from: span.from ?? null, to: span.to ?? null }
    place()
    notify(dotnet, 'OnSpan', state.from ?? -1, state.to ?? -1)
  }
  const placeIn = (event: PointerEvent) => event.clientX - root.getBoundingClientRect().left
  root.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || scale() === null) return
    pressed = { x: placeIn(event), pointer: event.pointerId }
    dragged = pressed.x
    root.setPointerCapture(event.pointerId)
  }, { signal: stop.signal })
  root.addEventListener('pointermove', (event) => {
    if (pressed?.pointer !== event.pointerId) return
    dragged = placeIn(event)
    place()
  }, { signal: stop.signal })
  root.addEventListener('pointerup', (event) => {
    const at = scale()
    if (pressed?.pointer !== event.pointerId) return
    const span = at === null ? null : spanOf(at, pressed.x, placeIn(event))
    pressed = null
    tell(span ?? {})
  }, { signal: stop.signal })
  root.addEventListener('pointercancel', () => {
    pressed = null
    place()
  }, { signal: stop.signal })

  return {
    set(next) {
      const all = [next.live, next.liveVirtual, next.allocated, next.freed]
      if (next.times.length > maxPoints) throw new RangeError(`recording: ${next.times.length} moments are more than ${maxPoints}`)
      if (all.some((column) => column.length !== next.times.length)) throw new RangeError('recording: every series needs one value per moment')
      const before = { ...scales, rates: columns.rates }
      columns = next
      const series = namesOf(next.rates).map((name, i) => ({ name, type: typeOf(i), data: next.times.map((time, at): [number, number] => [time, all[i][at]]) }))
      const most = highest(next.liveVirtual)
      scales = {
        live: binaryScale(highest(next.live)), liveVirtual: binaryScale(most), rate: binaryScale(highest(next.allocated, next.freed)),
        hasVirtual: most > 0 && root.clientWidth >= roomForTwoAxes,
      }
      const isSame = scales.live.max === before.live.max && scales.liveVirtual.max === before.liveVirtual.max && scales.rate.max === before.rate.max
        && scales.hasVirtual === before.hasVirtual && next.rates === before.rates
      // New options lay the whole chart out anew, which takes longer than new figures do.
      later(() => isSame ? chart.updateSeries(series, false) : chart.updateOptions({ series, yaxis: axes(scales, columns.rates, state.theme) }, false, false))
    },
    update(partial) {
      const isOtherTheme = partial.theme !== undefined && partial.theme !== state.theme
      state = { ...state, ...partial }
      if (isOtherTheme) later(() => chart.updateOptions({ ...themed(state.theme), colors: coloursOf(state.theme), yaxis: axes(scales, columns.rates, state.theme) }, false, false))
      place()
    },
    dispose() {
      disposed = true
      stop.abort()
      root.replaceChildren()
      ready.then(() => { chart.destroy() }).catch(() => { /* the page is gone, and the chart with it */ })
    },
  }
}
