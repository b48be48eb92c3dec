// A thin wrapper over apexcharts 4.7.0 for the timeline: stacked areas of bytes over time.
import ApexCharts from 'apexcharts'
import { type BinaryScale, binaryScale } from '../lib/binary-scale.ts'
import { formatBytes, formatExactBytes } from '../lib/format.ts'
import { type Hex, type Theme, signs } from '../lib/colours.ts'

export interface TimelineOptions {
  theme: Theme
  series: { name: string, colour: Hex }[]
  stacked: boolean
}

export interface TimelineChart {
  /** Shows these moments: times in milliseconds since 1970 UTC, and for each series a column of bytes as long as times. */
  set(times: number[], columns: number[][]): void
  setTheme(theme: Theme, colours?: Hex[]): void
  dispose(): void
}

/** Dashboards stay quick up to here (an update of four series takes about 100 ms at 600 points); the server thins out what is more. */
export const maxPoints = 600

export function themed(theme: Theme): ApexCharts.ApexOptions {
  const { line, muted } = signs[theme]
  return {
    theme: { mode: theme },
    chart: { background: 'transparent', foreColor: muted },
    grid: { borderColor: line, strokeDashArray: 2, padding: { left: 4, right: 8, top: -12, bottom: 12 } },
    tooltip: { theme },
  }
}

const yaxis = ({ max, steps }: BinaryScale): ApexYAxis =>
  ({ min: 0, max, tickAmount: steps, forceNiceScale: false, labels: { formatter: formatBytes, style: { fontSize: '11px' }, minWidth: 56 } })

/** The highest point: of the stack, or of any series. */
function highest(columns: number[][], stacked: boolean): number {
  let highest = 0
  for (let i = 0; i < (columns[0]?.length ?? 0); i++) {
    let sum = 0
    for (const column of columns) sum = stacked ? sum + column[i] : Math.max(sum, column[i])
    highest = Math.max(highest, sum)
  }
  return highest
}

/** Builds the chart inside root, which gives it its size. */
export function create(root: HTMLElement, options: TimelineOptions): TimelineChart {
  const base = themed(options.theme)
  let top = binaryScale(0)
  const chart = new ApexCharts(root, {
    ...base,
    chart: {
      ...base.chart,
      type: 'area',
      stacked: options.stacked,
      height: '100%',
      width: '100%',
      animations: { enabled: false },
      toolbar: { show: false },
      zoom: { enabled: false },
      parentHeightOffset: 0,
      fontFamily: 'inherit',
    },
    series: options.series.map(({ name }) => ({ name, data: [] })),
    colors: options.series.map(({ colour }) => colour),
    dataLabels: { enabled: false },
    stroke: { width: 1, curve: 'straight' },
    fill: { type: 'solid', opacity: 0.85 },
    legend: { show: false },
    noData: { text: 'Waiting for the first sample' },
    xaxis: { type: 'datetime', labels: { datetimeUTC: false, style: { fontSize: '11px' } }, axisBorder: { show: false }, axisTicks: { show: false }, tooltip: { enabled: false } },
    yaxis: yaxis(top),
    tooltip: { ...base.tooltip, x: { format: 'HH:mm:ss' }, y: { formatter: (bytes: number) => `${formatBytes(bytes)} (${formatExactBytes(bytes)})` } },
  })
  let disposed = false
  const ready = chart.render()
  const later = (change: () => Promise<unknown>) => {
    ready.then(() => disposed ? undefined : change()).catch((error: unknown) => { console.debug('timeline chart', error) })
  }
  return {
    set(times, columns) {
      if (times.length > maxPoints) throw new RangeError(`timeline: ${times.length} moments are more than ${maxPoints}`)
      if (columns.length !== options.series.length || columns.some((column) => column.length !== times.length)) {
        throw new RangeError('timeline: every series needs one value per moment')
      }
      const series = options.series.map(({ name }, at) => ({ name, data: times.map((time, i): [number, number] => [time, columns[at][i]]) }))
      const scale = binaryScale(highest(columns, options.stacked))
      const isSameScale = scale.max === top.max
      top = scale
      // New options lay the whole chart out anew, which takes longer than new figures do.
      later(() => isSameScale ? chart.updateSeries(series, false) : chart.updateOptions({ series, yaxis: yaxis(scale) }, false, false))
    },
    setTheme(theme, colours) {
      later(() => chart.updateOptions({ ...themed(theme), ...(colours === undefined ? {} : { colors: colours }) }, false, false))
    },
    dispose() {
      disposed = true
      ready.then(() => { chart.destroy() }).catch(() => { /* the page is gone, and the chart with it */ })
    },
  }
}
