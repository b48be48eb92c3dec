import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { type CallTree, decodeCallTree, figures, growthIn, nameOf, selfOf } from '../src/flame/call-tree.ts'
import { ModuleColours, growthIndex, growthOf, makeFlamePalette } from '../src/flame/colours.ts'
import { describeCall, describeMatches, summarise } from '../src/flame/describe.ts'
import { depthsOf, enclosing, layOut, nodeAt, step } from '../src/flame/layout.ts'
import { FlamePicture } from '../src/flame/picture.ts'
import { search } from '../src/flame/search.ts'
import { CallTreeTokens } from '../src/flame/tokens.ts'
import { contrast } from '../src/lib/colours.ts'
import { type CallSpec, call, callTrees, treeOf, whole, writeCallTree } from './support/call-tree-writer.ts'

/** The calls in preorder, with the sums of each worked out by going down. */
function flat(root: CallSpec): { spec: CallSpec, depth: number, totals: number[] }[] {
  const add = (spec: CallSpec): number[] => spec.calls.map(add).reduce((sum, part) => sum.map((value, i) => value + part[i]), spec.self.slice())
  const walk = (spec: CallSpec, depth: number): ReturnType<typeof flat> => [{ spec, depth, totals: add(spec) }, ...spec.calls.flatMap((below) => walk(below, depth + 1))]
  return walk(root, 0)
}

const sample = whole(
  call('main', 10, [call('load', 300, [call('malloc', 50, [], '/usr/lib/libc.so.6')]), call('save', 20)]),
  call('worker', 100, [call('main', 40)]),
)
const byName = (tree: CallTree, name: string) => {
  for (let node = 1; node < tree.count; node++) if (tree.frames[tree.frame[node]].function === name) return node
  throw new Error(`no ${name}`)
}

describe('decodeCallTree', () => {
  it('decode_AnyTree_HasItsCallsAndTheSumsOfAllBelow', () => {
    fc.assert(fc.property(callTrees, (root) => {
      const tree = treeOf(root)
      const expected = flat(root)
      assert.equal(tree.count, expected.length)
      expected.forEach(({ spec, depth, totals }, node) => {
        assert.equal(tree.depth[node], depth)
        if (node > 0) assert.deepEqual(tree.frames[tree.frame[node]], spec.frame)
        figures.forEach((figure, i) => {
          assert.equal(tree.total[figure][node], totals[i])
          assert.equal(selfOf(tree, figure, node), spec.self[i])
        })
      })
    }))
  })

  it('decode_TwoSpans_TellsWhatCameAndWhatWentAndGivesBothTheirRoom', () => {
    const before = (spec: CallSpec, live: number): CallSpec => ({ ...spec, before: [live, live > 0 ? 1 : 0, 0, 0, 0, 0, 0, 0] })
    const tree = treeOf(whole(before(call('main', 10, [before(call('grows', 300), 100), before(call('goes', 0), 50), call('comes', 7)]), 10)))
    const nodes = [...tree.frame.keys()].map((node) => [nameOf(tree, node), growthIn(tree, 'liveBytes', node), tree.width.liveBytes[node], growthOf(tree, node, 'liveBytes')])
    assert.deepEqual(nodes, [
      ['All', 157, 367, 157 / 317], ['main', 157, 367, 157 / 317], ['grows', 200, 300, 2 / 3], ['goes', -50, 50, -1], ['comes', 7, 7, 1],
    ])
    assert.match(describeCall(tree, 3, 'liveBytes').lines.map((line) => line.join(' ')).join('\n'), /Live \u221250 B: 50 B before, 0 B now/)
    assert.match(summarise(tree, 'liveBytes', false), /\+157 B since the span that it is compared with\. Widest: main/)
  })

  it('decode_CutAnywhere_IsRefusedInOneSentence', () => {
    const bytes = writeCallTree(sample)
    for (let length = 0; length < bytes.length; length++) assert.throws(() => decodeCallTree(bytes.subarray(0, length)), { name: 'FormatError' }, `of ${length} bytes`)
    assert.throws(() => decodeCallTree(Uint8Array.from([...bytes, 0])), { message: 'The call tree has 1 bytes too many.' })
    assert.throws(() => decodeCallTree(Uint8Array.from([1, ...bytes.subarray(1)])), { message: 'The call tree has version 1; this page reads version 2.' })
  })

  it('decode_AnyBytes_EndsOrIsRefused', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
      try {
        decodeCallTree(Uint8Array.from([2, ...noise]))
      } catch (error) {
        assert.equal((error as Error).name, 'FormatError')
      }
    }), { numRuns: 2000 })
  })
})

describe('layOut', () => {
  it('layOut_AnyTree_PutsEachCallWithinItsCallerAndNoTwoInOnePlace', () => {
    fc.assert(fc.property(callTrees, fc.constantFrom(...figures), (root, figure) => {
      const tree = treeOf(root)
      const layout = layOut(tree, figure)
      const shown = new Set(layout.rows)
      for (let node = 0; node < tree.count; node++) assert.equal(shown.has(node), tree.total[figure][node] > 0)
      assert.equal(shown.size, layout.rows.length)
      for (let depth = 0; depth < depthsOf(layout); depth++) {
        let end = 0
        for (const node of layout.rows.subarray(layout.rowStart[depth], layout.rowStart[depth + 1])) {
          assert.equal(tree.depth[node], depth)
          assert.ok(layout.start[node] >= end)
          end = layout.start[node] + layout.width[node]
          const parent = tree.parent[node]
          if (parent >= 0) assert.ok(layout.start[node] >= layout.start[parent] && end <= layout.start[parent] + layout.width[parent])
        }
      }
    }))
  })

  it('layOut_Siblings_StandWidestFirstAndByNameWithinADoubling', () => {
    const tree = treeOf(whole(call('b', 100), call('a', 90), call('tiny', 1), call('huge', 1000)))
    const { rows } = layOut(tree, 'liveBytes')
    assert.deepEqual([...rows].slice(1).map((node) => tree.frames[tree.frame[node]].function), ['huge', 'a', 'b', 'tiny'])
  })

  it('nodeAt_AnyPlace_IsWhatAWalkOverAllFinds', () => {
    fc.assert(fc.property(callTrees, fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 6 }), (root, share, depth) => {
      const layout = layOut(treeOf(root), 'allocatedBytes')
      const at = share * (layout.width[0] || 1)
      const expected = [...layout.rows].find((node) => layout.tree.depth[node] === depth && layout.start[node] <= at && at < layout.start[node] + layout.width[node]) ?? -1
      assert.equal(nodeAt(layout, depth, at), expected)
    }))
  })

  it('enclosing_AStretchWithinACall_IsTheDeepestThatHoldsAllOfIt', () => {
    const tree = treeOf(sample)
    const layout = layOut(tree, 'liveBytes')
    const [load, malloc] = [byName(tree, 'load'), byName(tree, 'malloc')]
    assert.equal(enclosing(layout, layout.start[malloc] + 1, layout.start[malloc] + 2), malloc)
    assert.equal(enclosing(layout, layout.start[load], layout.start[load] + layout.width[load]), load)
    assert.equal(enclosing(layout, 0, layout.width[0]), 0)
  })

  it('step_Arrows_GoToCallerWidestCalleeAndNeighbours', () => {
    const tree = treeOf(sample)
    const layout = layOut(tree, 'liveBytes')
    const [main, load, save, worker] = ['main', 'load', 'save', 'worker'].map((name) => byName(tree, name))
    assert.equal(step(layout, main, 'down'), load)
    assert.equal(step(layout, load, 'right'), save)
    assert.equal(step(layout, save, 'left'), load)
    assert.equal(step(layout, save, 'up'), main)
    assert.equal(step(layout, main, 'right'), worker)
    assert.equal(step(layout, worker, 'right'), worker)
    assert.equal(step(layout, main, 'left'), main)
    assert.equal(step(layout, main, 'up'), 0)
    assert.equal(step(layout, save, 'down'), save)
  })
})

describe('search', () => {
  it('search_APartOfAName_CountsCallsAndSumsEachByteOnce', () => {
    const tree = treeOf(sample)
    const found = search(tree, ' MAIN ')
    assert.ok(found !== null)
    assert.equal(found.count, 2)
    // main: 10 + 300 + 50 + 20, and the main that worker calls: 40.
    assert.equal(found.sum('liveBytes'), 420)
    assert.equal(describeMatches(tree, 'liveBytes', found), '2 calls match: 420 B, 81 %')
    const inner = search(tree, 'libc')
    assert.equal(inner?.sum('liveBytes'), 50)
    assert.equal(search(tree, '  '), null)
  })

  it('search_OneMatchBelowAnother_IsSummedOnce', () => {
    const tree = treeOf(whole(call('f', 5, [call('g', 7, [call('f', 11)])])))
    assert.equal(search(tree, 'f')?.sum('liveBytes'), 23)
  })

  it('next_RoundAndRound_VisitsEachMatchInOrder', () => {
    const tree = treeOf(sample)
    const found = search(tree, 'main')
    assert.ok(found !== null)
    const first = found.next(0, 1)
    const second = found.next(first, 1)
    assert.ok(first > 0 && second > first)
    assert.equal(found.next(second, 1), first)
    assert.equal(found.next(first, -1), second)
    assert.equal(search(tree, 'nowhere')?.next(0, 1), -1)
  })
})

describe('CallTreeTokens', () => {
  it('of_EveryPath_FindsItsNodeAlsoInATreeOfOtherFigures', () => {
    const tree = treeOf(sample)
    const later = treeOf(whole(call('new', 1), ...sample.calls))
    const tokens = new CallTreeTokens(tree)
    const laterTokens = new CallTreeTokens(later)
    const seen = new Set<string>()
    for (let node = 1; node < tree.count; node++) {
      const token = tokens.of(node)
      assert.equal(tokens.find(token), node)
      assert.equal(laterTokens.find(token), node + 1)
      seen.add(token)
    }
    assert.equal(seen.size, tree.count - 1)
    assert.equal(tokens.of(0), '')
    assert.equal(tokens.find(''), 0)
    assert.equal(tokens.find('n:0123456789abcdef'), -1)
    assert.equal(tokens.find('c:Heap'), -1)
  })

  it('of_AKnownPath_IsWhatTheHubMakesOfIt', () => {
    const tree = treeOf(whole({ ...call('main', 1), frame: { function: 'main', module: '/usr/bin/app', file: 'app.c', line: 12 }, calls: [call('Ünïcode', 2, [], '/usr/lib/libc.so.6')] }))
    const tokens = new CallTreeTokens(tree)
    // Worked out by hand from the rule in docs/formats.md; the same two stand in CallTableTests.
    assert.deepEqual([tokens.of(1), tokens.of(2)], ['n:fd57e9de6593ca34', 'n:045b8354e4c62f6b'])
  })
})

describe('FlamePicture', () => {
  const [width, height] = [1000, 200]
  const make = (root: CallSpec = sample) => {
    const picture = new FlamePicture(() => false)
    picture.resize(width, height, 1)
    const set = (spec: CallSpec) => {
      const tree = treeOf(spec)
      picture.setInput({ tree, figure: 'liveBytes', colour: 'module', frameColours: new ModuleColours().paint(tree), matches: null, palette: makeFlamePalette('module', 'light'), theme: 'light' })
      return tree
    }
    return { picture, set, tree: set(root) }
  }

  it('hit_TheMiddleOfEveryBox_IsItsCall', () => {
    const { picture, tree } = make()
    for (let node = 0; node < tree.count; node++) {
      const box = picture.boxOf(node)
      assert.ok(box !== null)
      assert.equal(picture.hit((box.left + box.right) / 2, (box.top + box.bottom) / 2), node)
    }
    assert.equal(picture.hit(width + 1, 5), -1)
    assert.equal(picture.hit(5, height - 1), -1)
  })

  it('enter_ACall_FillsTheWidthAndBackGoesOutAgain', () => {
    const { picture, tree } = make()
    const load = byName(tree, 'load')
    assert.equal(picture.enter(picture.tokenOf(load)), true)
    assert.deepEqual(picture.boxOf(load), { left: 0, right: width, top: 36, bottom: 54 })
    assert.deepEqual(picture.crumbs.map(({ name }) => name), ['All', 'main', 'load'])
    assert.equal(picture.enter(picture.tokenOf(load)), false)
    assert.equal(picture.back(), true)
    assert.equal(picture.zoomToken, picture.tokenOf(byName(tree, 'main')))
    assert.equal(picture.back(), true)
    assert.equal(picture.zoomToken, '')
    assert.equal(picture.back(), false)
  })

  it('zoomAt_AnyPlace_KeepsWhatIsUnderThePointerThere', () => {
    const { picture, tree } = make()
    fc.assert(fc.property(fc.double({ min: 0, max: width - 1, noNaN: true }), fc.double({ min: 1.01, max: 50, noNaN: true }), (x, factor) => {
      picture.fit()
      const before = picture.hit(x, 20)
      picture.zoomAt(x, factor)
      // At the very edge of a box rounding may give the neighbour.
      const box = picture.boxOf(before)
      assert.ok(before > 0 && box !== null && x >= box.left - 1e-6 && x <= box.right + 1e-6)
    }))
    assert.ok(tree.count > 0)
  })

  it('setInput_NewFiguresWhileZoomed_KeepsTheSameCallInTheWidth', () => {
    const { picture, set, tree } = make()
    picture.enter(picture.tokenOf(byName(tree, 'load')))
    const later = set(whole(call('other', 5000), ...sample.calls))
    const box = picture.boxOf(byName(later, 'load'))
    assert.ok(box !== null)
    assert.ok(Math.abs(box.left) < 1e-6 && Math.abs(box.right - width) < 1e-6)
  })

  it('setInput_TheZoomedCallIsGone_ShowsAllAndComesBackWithIt', () => {
    const { picture, set, tree } = make()
    const token = picture.tokenOf(byName(tree, 'load'))
    picture.enter(token)
    const without = set(whole(call('other', 10)))
    assert.equal(picture.boxOf(byName(without, 'other'))?.right, width)
    assert.equal(picture.zoomToken, token)
    const again = set(sample)
    assert.equal(picture.boxOf(byName(again, 'load'))?.right, width)
  })

  it('show_ADeepCall_ScrollsItIntoSight', () => {
    let deep = call('leaf', 8)
    for (let i = 0; i < 100; i++) deep = call(`level ${i}`, 0, [deep])
    const { picture, tree } = make(whole(deep))
    const leaf = byName(tree, 'leaf')
    assert.equal(picture.boxOf(leaf), null)
    picture.show(picture.tokenOf(leaf))
    const box = picture.boxOf(leaf)
    assert.ok(box !== null && box.top >= 0 && box.bottom <= height)
    assert.equal(picture.crumbs.length, 1)
  })
})

describe('flame colours and words', () => {
  it('paint_ALaterTree_LeavesModulesTheirColours', () => {
    const colours = new ModuleColours()
    const first = treeOf(whole(call('a', 10, [], '/lib/a.so'), call('b', 5, [], '/lib/b.so')))
    const palette = makeFlamePalette('module', 'dark')
    assert.deepEqual([...colours.paint(first)], [0, 1])
    const later = treeOf(whole(call('c', 900, [], '/lib/c.so'), call('b', 500, [], '/lib/b.so'), call('a', 10, [], '/lib/a.so')))
    assert.deepEqual([...colours.paint(later)], [2, 1, 0])
    assert.deepEqual(colours.legend(later, palette).map(({ name }) => name), ['a.so', 'b.so', 'c.so'])
  })

  it('palette_EveryColour_HasTextOfEnoughContrast', () => {
    for (const theme of ['light', 'dark'] as const) {
      for (const mode of ['module', 'growth'] as const) {
        const { css, text } = makeFlamePalette(mode, theme)
        css.forEach((colour, i) => { assert.ok(contrast(colour as `#${string}`, text[i] as `#${string}`) >= 4.5, `${theme} ${mode} ${i}: ${colour}`) })
      }
    }
  })

  it('growthIndex_TheLeastGrowth_IsNotTheColourOfBalance', () => {
    assert.equal(growthIndex(0), 10)
    assert.equal(growthIndex(0.001), 11)
    assert.equal(growthIndex(-0.001), 9)
    assert.equal(growthIndex(1), 20)
    assert.equal(growthIndex(-1), 0)
  })

  it('describeCall_ANode_SaysEveryFigureWithItsUnit', () => {
    const tree = treeOf(whole({ frame: { function: 'load', module: '/usr/bin/app', file: '/src/load.c', line: 7 }, self: [2048, 3, 4096, 6, 1024, 2, 512, 1], calls: [call('malloc', 2048)] }))
    const { title, lines } = describeCall(tree, 1, 'liveBytes')
    assert.equal(title, 'load')
    assert.deepEqual(lines, [
      ['Module', '/usr/bin/app'], ['Source', '/src/load.c:7'], ['Live', '4 KiB (4,096 B)'], ['Live blocks', '4'], ['Allocated', '8 KiB (8,192 B)'], ['Allocations', '8'],
      ['Freed', '3 KiB (3,072 B)'], ['Frees', '3'], ['Temporary', '512 B'], ['Temporaries', '1'], ['Growth', '+5 KiB'], ['Of it itself', '2 KiB (2,048 B)'], ['Share', '100 % of all live'],
    ])
    assert.equal(summarise(tree, 'liveBytes', false), 'Flame graph of 2 calls, what is called below its callers: 4 KiB live. Widest: load with 4 KiB, 100 %.')
  })
})
