// Streams frames from the hub's /live and /live/share over SignalR with MessagePack. One connection for all streams of a page.
import { type HubConnection, HubConnectionBuilder, HubConnectionState, LogLevel } from '@microsoft/signalr'
import { MessagePackHubProtocol } from '@microsoft/signalr-protocol-msgpack'
import { type CallTree, CallTreeDecoder } from '../flame/call-tree.ts'
import { FrameDecoder, type Sample } from '../lib/frame.ts'
import { type CallTreeSource, type Decoder, type Listener, LiveSource, type Moment, type Source, type StreamEvents, type Transport } from './live-source.ts'

class SignalRTransport implements Transport {
  readonly #url: string
  #connection: HubConnection | null = null
  #starting: Promise<void> | null = null
  #streams = 0

  constructor(url: string) {
    this.#url = url
  }

  open(source: Source, events: StreamEvents): () => void {
    this.#streams++
    let isOver = false
    let cancel = () => { /* not subscribed yet */ }
    const end = (failed: string) => {
      if (isOver) return
      isOver = true
      this.#release()
      events.ended(failed)
    }
    this.#started().then((connection) => {
      if (isOver) return
      const subscription = connection.stream<unknown>('Watch', source).subscribe({
        next: (bytes) => {
          if (bytes instanceof Uint8Array) events.frame(bytes)
          else end('The hub sent something that is no frame.')
        },
        complete: () => { end('') },
        error: (error: unknown) => { end(messageOf(error)) },
      })
      cancel = () => { subscription.dispose() }
    }).catch((error: unknown) => { end(messageOf(error)) })
    return () => {
      if (isOver) return
      isOver = true
      cancel()
      this.#release()
    }
  }

  /** The connection, started. Streams retry by themselves (live-source.ts), so the connection need not. */
  async #started(): Promise<HubConnection> {
    this.#connection ??= new HubConnectionBuilder()
      .withUrl(this.#url)
      .withHubProtocol(new MessagePackHubProtocol())
      .configureLogging(LogLevel.Error)
      .build()
    const connection = this.#connection
    if (connection.state === HubConnectionState.Connected) return connection
    this.#starting ??= (connection.state === HubConnectionState.Disconnecting ? connection.stop() : Promise.resolve())
      .then(() => connection.start())
      .finally(() => { this.#starting = null })
    await this.#starting
    return connection
  }

  #release(): void {
    if (--this.#streams > 0) return
    // Given a moment, a page that only changed its interval keeps the connection.
    setTimeout(() => {
      if (this.#streams > 0 || this.#starting !== null) return
      this.#connection?.stop().catch((error: unknown) => { console.debug('live connection', error) })
      this.#connection = null
    }, 2000)
  }
}

const messageOf = (error: unknown): string => error instanceof Error ? error.message : String(error)

/** By path: a shared page may connect to nothing but what is shared. */
const transports = new Map<string, SignalRTransport>()
const regionSources = new Map<string, LiveSource<Sample>>()
const callTreeSources = new Map<string, LiveSource<CallTree>>()

function transportOf(source: Source): SignalRTransport {
  const path = 'share' in source ? 'live/share' : 'live'
  const transport = transports.get(path) ?? new SignalRTransport(new URL(path, document.baseURI).href)
  transports.set(path, transport)
  return transport
}

function listenIn<T extends Moment>(sources: Map<string, LiveSource<T>>, source: Source, makeDecoder: () => Decoder<T>, listener: Listener<T>): () => void {
  const key = JSON.stringify(source)
  const live = sources.get(key) ?? new LiveSource(source, transportOf(source), makeDecoder)
  sources.set(key, live)
  const leave = live.listen(listener)
  return () => {
    leave()
    if (live.isIdle && sources.get(key) === live) sources.delete(key)
  }
}

/** Listens to the regions of a source. All views of one source on a page share its stream; the last one to leave closes it. */
export const listen = (source: Exclude<Source, CallTreeSource>, listener: Listener<Sample>): () => void =>
  listenIn(regionSources, source, () => new FrameDecoder(), listener)

/** Listens to the call tree of a recording's span. */
export const listenToCallTree = (source: CallTreeSource, listener: Listener<CallTree>): () => void =>
  listenIn(callTreeSources, source, () => new CallTreeDecoder(), listener)
