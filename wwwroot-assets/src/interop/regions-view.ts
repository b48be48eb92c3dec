// The treemap and address map of a process or snapshot, for Blazor. Data comes by SignalR, not through the circuit; only the page's
// state comes in and chosen tokens go out.
import type { ViewState } from '../lib/view-state.ts'
import { RegionsPanel } from '../render/regions-panel.ts'
import { type DotNetObject, notify } from './dotnet.ts'
import type { CallTreeSource, Source as AnySource, SourceStatus } from './live-source.ts'
import { listen } from './signalr-transport.ts'
import { ZoomEcho } from './zoom-echo.ts'

type Source = Exclude<AnySource, CallTreeSource>

export interface Options {
  readonly source: Source
  readonly state: Partial<ViewState>
}

export interface View {
  /** Takes over what changed of the state; a source, if given, replaces the one that is watched. */
  update(partial: Partial<ViewState> & { source?: Source }): void
  dispose(): void
}

const statusEveryMs = 1000

/** Builds the view inside root, which gives it its size. */
export function create(root: HTMLElement, dotnet: DotNetObject, options: Options): View {
  let status: SourceStatus = { connected: false, lagging: false, message: '' }
  let statusTimer: ReturnType<typeof setTimeout> | undefined
  let lastStatus = ''
  const zoom = new ZoomEcho(dotnet, options.state.zoom)

  const panel = new RegionsPanel(root, {
    selected: (token) => { notify(dotnet, 'OnSelect', token) },
    zoomed: (token) => { zoom.zoomed(token) },
  })
  panel.setState(options.state)

  const tellStatus = () => {
    statusTimer ??= setTimeout(() => {
      statusTimer = undefined
      const { drawn, hasNewer } = panel
      const text = JSON.stringify({ rows: drawn?.table.count ?? 0, sequence: drawn?.sequence ?? 0, lagging: status.lagging, connected: status.connected, newer: hasNewer, message: status.message })
      if (text === lastStatus) return
      lastStatus = text
      notify(dotnet, 'OnStatus', text)
    }, statusEveryMs)
  }
  const listener = {
    onSample: (sample: Parameters<RegionsPanel['setSample']>[0]) => {
      panel.setSample(sample)
      tellStatus()
    },
    onStatus: (next: SourceStatus) => {
      status = next
      panel.setStatus(next)
      tellStatus()
    },
  }
  let source = JSON.stringify(options.source)
  let leave = listen(options.source, listener)

  return {
    update({ source: nextSource, ...partial }) {
      panel.setState(zoom.follow(partial))
      if (nextSource === undefined || JSON.stringify(nextSource) === source) return
      source = JSON.stringify(nextSource)
      const last = leave
      leave = listen(nextSource, listener)
      last()
    },
    dispose() {
      leave()
      zoom.dispose()
      clearTimeout(statusTimer)
      panel.dispose()
    },
  }
}
