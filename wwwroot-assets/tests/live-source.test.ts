import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { LiveSource, type Listener, type Source, type SourceStatus, type StreamEvents, type Transport } from '../src/interop/live-source.ts'
import { FrameDecoder, type Sample } from '../src/lib/frame.ts'
import { writeFrame } from './support/frame-writer.ts'

const live: Source = { host: 'h', pid: 7, start: '0', intervalMs: 1000 }
const key = (sequence: number) => writeFrame({ kind: 1, sequence, rows: [{ page: 16, pages: 1, category: 7 }] })
const delta = (sequence: number) => writeFrame({ kind: 2, sequence, baseSequence: sequence - 1, firstText: 1, texts: [], rows: [{ page: 16, pages: 1, category: 7, privateWs: 4096 }] })

class FakeTransport implements Transport {
  readonly streams: { events: StreamEvents, isClosed: boolean }[] = []

  open(_: Source, events: StreamEvents): () => void {
    const stream = { events, isClosed: false }
    this.streams.push(stream)
    return () => { stream.isClosed = true }
  }
}

class Recorder implements Listener<Sample> {
  readonly sequences: number[] = []
  readonly statuses: SourceStatus[] = []
  onSample(sample: Sample): void { this.sequences.push(sample.sequence) }
  onStatus(status: SourceStatus): void { this.statuses.push(status) }
}

function begin(source: Source = live) {
  const transport = new FakeTransport()
  const shared = new LiveSource(source, transport, () => new FrameDecoder())
  const listener = new Recorder()
  return { transport, shared, listener, leave: shared.listen(listener) }
}

describe('LiveSource', () => {
  it('listen_TwoViews_ShareOneStreamAndTheLateOneGetsTheNewestSample', () => {
    const { transport, shared, listener } = begin()
    transport.streams[0].events.frame(key(1))
    const late = new Recorder()
    shared.listen(late)
    transport.streams[0].events.frame(delta(2))
    assert.equal(transport.streams.length, 1)
    assert.deepEqual(listener.sequences, [1, 2])
    assert.deepEqual(late.sequences, [1, 2])
    assert.equal(late.statuses.at(-1)?.connected, true)
  })

  it('listen_LastViewLeaves_ClosesTheStream', () => {
    const { transport, shared, leave } = begin()
    const leaveToo = shared.listen(new Recorder())
    leave()
    assert.equal(transport.streams[0].isClosed, false)
    leaveToo()
    leaveToo()
    assert.equal(transport.streams[0].isClosed, true)
    assert.equal(shared.isIdle, true)
  })

  it('frame_SkippedOnes_AreSaidUntilOneFollowsAnother', () => {
    const { transport: { streams: [{ events }] }, listener } = begin()
    events.frame(key(1))
    events.frame(Uint8Array.of(1))
    assert.equal(listener.statuses.at(-1)?.lagging, true)
    events.frame(key(5))
    assert.equal(listener.statuses.at(-1)?.lagging, true)
    events.frame(Uint8Array.of(0))
    assert.equal(listener.statuses.at(-1)?.lagging, true)
    events.frame(delta(6))
    assert.equal(listener.statuses.at(-1)?.lagging, false)
    assert.deepEqual(listener.sequences, [1, 5, 6])
  })

  it('frame_DeltaOnALostOne_KeepsThePictureUntilTheKeyFrame', () => {
    const { transport: { streams: [{ events }] }, listener } = begin()
    events.frame(key(1))
    events.frame(delta(4))
    assert.deepEqual(listener.sequences, [1])
    assert.equal(listener.statuses.at(-1)?.lagging, true)
  })

  it('ended_StreamLost_IsSaidAndOpenedAgainAfterTheBackoff', () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    mock.method(Math, 'random', () => 0.5)
    try {
      const { transport, listener } = begin()
      transport.streams[0].events.frame(key(1))
      transport.streams[0].events.ended('The hub went away.')
      assert.deepEqual(listener.statuses.at(-1), { connected: false, lagging: false, message: 'The hub went away.' })
      mock.timers.tick(999)
      assert.equal(transport.streams.length, 1)
      mock.timers.tick(1)
      assert.equal(transport.streams.length, 2)
      transport.streams[1].events.ended('Still away.')
      mock.timers.tick(1999)
      assert.equal(transport.streams.length, 2)
      mock.timers.tick(1)
      transport.streams[2].events.frame(key(9))
      assert.equal(listener.statuses.at(-1)?.connected, true)
      assert.deepEqual(listener.sequences, [1, 9])
      // A good frame begins the waits anew.
      transport.streams[2].events.ended('')
      mock.timers.tick(1000)
      assert.equal(transport.streams.length, 4)
    } finally {
      mock.timers.reset()
      mock.restoreAll()
    }
  })

  it('ended_WithNobodyListening_OpensNothing', () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const { transport, leave } = begin()
      transport.streams[0].events.ended('gone')
      leave()
      mock.timers.tick(60_000)
      assert.equal(transport.streams.length, 1)
    } finally {
      mock.timers.reset()
    }
  })

  it('ended_StoredSnapshot_IsDone', () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const { transport, listener } = begin({ snapshot: 's1' })
      transport.streams[0].events.frame(key(1))
      transport.streams[0].events.ended('')
      mock.timers.tick(60_000)
      assert.equal(transport.streams.length, 1)
      assert.equal(listener.statuses.at(-1)?.connected, true)
    } finally {
      mock.timers.reset()
    }
  })

  it('frame_Malformed_ClosesTheStreamAndSaysWhy', () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const { transport, listener } = begin()
      transport.streams[0].events.frame(Uint8Array.of(7, 7, 7))
      assert.equal(transport.streams[0].isClosed, true)
      assert.match(listener.statuses.at(-1)?.message ?? '', /version 7/)
    } finally {
      mock.timers.reset()
    }
  })
})
