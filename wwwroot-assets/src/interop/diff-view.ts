// The treemap and address map of a comparison, for Blazor. The difference comes once, as a stream of bytes; after that only the page's
// state comes in and chosen tokens go out.
import { decodeDiff } from '../lib/diff.ts'
import type { ViewState } from '../lib/view-state.ts'
import { DiffSubject } from '../render/diff-subject.ts'
import { RegionsPanel } from '../render/regions-panel.ts'
import { type DotNetObject, notify } from './dotnet.ts'
import { ZoomEcho } from './zoom-echo.ts'

/** Blazor's DotNetStreamReference. */
interface ByteStream { arrayBuffer(): Promise<ArrayBuffer> }

export interface View {
  /** Takes over what changed of the state. */
  update(partial: Partial<ViewState>): void
  dispose(): void
}

/** Builds the view inside root, which gives it its size. */
export async function create(root: HTMLElement, dotnet: DotNetObject, stream: ByteStream, state: Partial<ViewState>): Promise<View> {
  const subject = new DiffSubject(decodeDiff(new Uint8Array(await stream.arrayBuffer())))
  const zoom = new ZoomEcho(dotnet, state.zoom)
  const panel = new RegionsPanel(root, {
    selected: (token) => { notify(dotnet, 'OnSelect', token) },
    zoomed: (token) => { zoom.zoomed(token) },
  }, subject)
  panel.setState(state)
  panel.setSample(subject.shown)
  return {
    update(partial) { panel.setState(zoom.follow(partial)) },
    dispose() {
      zoom.dispose()
      panel.dispose()
    },
  }
}
