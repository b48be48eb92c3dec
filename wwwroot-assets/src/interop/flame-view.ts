// The flame graph of a recording, for Blazor. The call tree comes by SignalR, not through the circuit; only the page's state comes in and
// chosen tokens go out.
import { FlamePanel } from '../flame/panel.ts'
import type { FlameState } from '../flame/state.ts'
import type { CallTree } from '../flame/call-tree.ts'
import { type DotNetObject, notify } from './dotnet.ts'
import type { CallTreeOwner, CallTreeSource, SourceStatus } from './live-source.ts'
import { listenToCallTree } from './signalr-transport.ts'
import { ZoomEcho } from './zoom-echo.ts'

export interface View {
  /** Takes over what changed of the state; a question for another tree, if given, replaces the one that is watched. */
  update(partial: Partial<FlameState> & { tree?: string }): void
  dispose(): void
}

const statusEveryMs = 1000

/** Builds the view inside root, which gives it its size. `state` has beside the graph's own the words of the tree that is asked for. */
export function create(root: HTMLElement, dotnet: DotNetObject, of: CallTreeOwner, state: Partial<FlameState> & { tree: string }): View {
  let status: SourceStatus = { connected: false, lagging: false, message: '' }
  let statusTimer: ReturnType<typeof setTimeout> | undefined
  let lastStatus = ''
  const zoom = new ZoomEcho(dotnet, state.zoom)
  const panel = new FlamePanel(root, {
    selected: (token) => { notify(dotnet, 'OnSelect', token) },
    zoomed: (token) => { zoom.zoomed(token) },
  })
  panel.setState(state)

  const tellStatus = () => {
    statusTimer ??= setTimeout(() => {
      statusTimer = undefined
      const { drawn, hasNewer } = panel
      const text = JSON.stringify({ rows: (drawn?.count ?? 1) - 1, sequence: drawn?.sequence ?? 0, lagging: status.lagging, connected: status.connected, newer: hasNewer, message: status.message })
      if (text === lastStatus) return
      lastStatus = text
      notify(dotnet, 'OnStatus', text)
    }, statusEveryMs)
  }
  const listener = {
    onSample: (tree: CallTree) => {
      panel.setTree(tree)
      tellStatus()
    },
    onStatus: (next: SourceStatus) => {
      status = next
      panel.setStatus(next)
      tellStatus()
    },
  }
  const sourceOf = (tree: string): CallTreeSource => ({ ...of, tree })
  let watched = state.tree
  let leave = listenToCallTree(sourceOf(watched), listener)

  return {
    update({ tree, ...partial }) {
      panel.setState(zoom.follow(partial))
      if (tree === undefined || tree === watched) return
      watched = tree
      const last = leave
      leave = listenToCallTree(sourceOf(tree), listener)
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
