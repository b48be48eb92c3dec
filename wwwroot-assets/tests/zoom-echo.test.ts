import assert from 'node:assert/strict'
import { describe, it, mock } from 'node:test'
import { ZoomEcho } from '../src/interop/zoom-echo.ts'

function made(first?: string) {
  const told: unknown[] = []
  const zoom = new ZoomEcho({ invokeMethodAsync: (method, ...args) => { told.push([method, ...args]); return Promise.resolve() } }, first)
  return { zoom, told }
}

describe('ZoomEcho', () => {
  it('zoomed_Twice_TellsTheLastOnceItRests', () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const { zoom, told } = made()
      zoom.zoomed('a')
      mock.timers.tick(249)
      zoom.zoomed('b')
      mock.timers.tick(249)
      assert.deepEqual(told, [])
      mock.timers.tick(1)
      assert.deepEqual(told, [['OnZoom', 'b']])
      zoom.zoomed('c')
      zoom.dispose()
      mock.timers.tick(1000)
      assert.deepEqual(told, [['OnZoom', 'b']])
    } finally {
      mock.timers.reset()
    }
  })
  it('follow_ALateRepetition_LeavesThePictureWhereThePersonIs', () => {
    mock.timers.enable({ apis: ['setTimeout'] })
    try {
      const { zoom } = made('x')
      zoom.zoomed('a')
      mock.timers.tick(250)
      zoom.zoomed('b')
      assert.deepEqual(zoom.follow({ zoom: 'a', filter: 'f' }), { filter: 'f' })
      // Told once, repeated once: a second time it is the page's own wish.
      assert.deepEqual(zoom.follow({ zoom: 'a' }), { zoom: 'a' })
    } finally {
      mock.timers.reset()
    }
  })
  it('follow_ThePagesOwnZoomOrNone_IsFollowed', () => {
    const { zoom } = made()
    assert.deepEqual(zoom.follow({ zoom: 'a', filter: 'f' }), { zoom: 'a', filter: 'f' })
    const noZoom: { filter: string, zoom?: string } = { filter: 'f' }
    assert.deepEqual(zoom.follow(noZoom), { filter: 'f' })
  })
})
