import { expect } from 'chai'
import { explore } from '../../src/explore/explore.js'
import type { Program } from '../../src/explore/program.js'
import type { Cells } from '../../src/memory/cells.js'

const exhaustive = ['dpor', 'stateful', 'preemption-bounded'] as const

function counted(cells: Cells): void {
  cells.store(1, cells.load(1) + 1)
}

/** Ways to spin until cell 0 is free. */
const locks: Readonly<Record<string, (cells: Cells) => void>> = {
  'a failed compareExchange': (cells) => {
    while (cells.compareExchange(0, 0, 1) !== 0);
  },
  'a load first': (cells) => {
    for (;;) {
      while (cells.load(0) !== 0);
      if (cells.compareExchange(0, 0, 1) === 0) return
    }
  },
  'an exchange that changes nothing': (cells) => {
    while (cells.exchange(0, 1) !== 0);
  },
  'an addition of nothing': (cells) => {
    for (;;) {
      while (cells.add(0, 0) !== 0);
      if (cells.compareExchange(0, 0, 1) === 0) return
    }
  },
  'a nap on the cell': (cells) => {
    while (cells.compareExchange(0, 0, 1) !== 0) cells.wait(0, 1, 10)
  },
}

describe('a thread that spins', () => {
  for (const [way, lock] of Object.entries(locks)) {
    it(`by ${way} is explored to the end`, () => {
      const thread = (cells: Cells) => {
        lock(cells)
        counted(cells)
        cells.store(0, 0)
        cells.notify(0, 1)
      }
      for (const strategy of exhaustive) {
        const threads = strategy === 'preemption-bounded' ? [thread, thread] : [thread, thread, thread]
        const { verdict, exhausted, outcomes, failure } = explore({ cells: 2, threads, strategy })
        expect(failure?.reason).to.equal(undefined)
        expect([verdict, exhausted]).to.deep.equal(['valid', true])
        expect([...outcomes.keys()]).to.deep.equal([`[0, ${threads.length}]`])
      }
    }).timeout(30_000)
  }

  it('on a 64-bit cell sleeps until it changes', () => {
    const waits = (cells: Cells) => {
      while (cells.load64(0) !== 7n);
    }
    for (const strategy of exhaustive) {
      const { verdict, exhausted } = explore({ cells: 2, threads: [waits, (cells) => cells.store64(0, 7n)], strategy })
      expect([verdict, exhausted]).to.deep.equal(['valid', true])
    }
  })

  it('over two cells sleeps until one of them changes', () => {
    const waits = (cells: Cells) => {
      while (cells.load(0) === 0 || cells.load(1) === 0);
      return 'both'
    }
    const threads = [waits, (cells: Cells) => cells.store(0, 1), (cells: Cells) => cells.store(1, 1)]
    for (const strategy of exhaustive) {
      const { verdict, outcomes } = explore({ cells: 2, threads, strategy })
      expect(verdict).to.equal('valid')
      expect([...outcomes.keys()]).to.deep.equal(['[1, 1] returned ["both", undefined, undefined]'])
    }
  })

  for (const tries of [1, 2, 3, 30, 63]) {
    it(`at most ${tries} times is not taken for one that spins for ever`, () => {
      const gives: Program['threads'][number] = (cells) => {
        for (let attempt = 0; attempt < tries; attempt++) if (cells.load(0) === 1) return 'seen'
        return 'gave up'
      }
      for (const strategy of exhaustive) {
        const { verdict, outcomes } = explore({ cells: 1, threads: [gives, (cells) => cells.store(0, 1)], strategy })
        expect(verdict).to.equal('valid')
        expect([...outcomes.keys()].toSorted()).to.deep.equal([
          '[1] returned ["gave up", undefined]',
          '[1] returned ["seen", undefined]',
        ])
      }
    })
  }

  it('round one loop and then another is followed on its own operations', () => {
    // Looks twice in vain, as if it were a loop; then it tries something else, which goes round to the same look.
    const looks: Program['threads'][number] = (cells) => {
      for (let round = 0; ; round++) {
        if (cells.load(0) === 1) return 'seen'
        cells.load(1)
        if (round === 1 && cells.compareExchange(2, 0, 1) === 0) return 'changed'
      }
    }
    for (const strategy of exhaustive) {
      const { verdict, failure } = explore({ cells: 3, threads: [looks, (cells) => cells.load(2)], strategy })
      expect(failure?.reason).to.equal(undefined)
      expect(verdict).to.equal('valid')
    }
  })

  it('for ever, as nobody is left to write, is a livelock', () => {
    const waits = (cells: Cells) => {
      while (cells.load(0) === 0);
    }
    for (const strategy of [...exhaustive, 'pct', 'random'] as const) {
      const { verdict, failure } = explore({ cells: 1, threads: [waits, waits], strategy })
      expect(verdict).to.equal('invalid')
      expect(failure?.kind).to.equal('livelock')
      expect(failure?.reason).to.match(/thread 0 spins on 0, .*thread 1 spins on 0, and nobody is left to write it/)
    }
  })

  it('on a reader’s sequence that a dead writer has left odd is a livelock', () => {
    const writes = (cells: Cells) => {
      cells.add(0, 1)
      cells.store(1, 1)
      cells.add(0, 1)
    }
    const reads = (cells: Cells) => {
      for (;;) {
        const sequence = cells.load(0)
        if (sequence % 2 === 1) continue
        const value = cells.load(1)
        if (cells.load(0) === sequence) return value
      }
    }
    expect(explore({ cells: 2, threads: [writes, reads] }).verdict).to.equal('valid')
    const { failure } = explore({ cells: 2, threads: [writes, reads], deaths: 1 })
    expect(failure?.kind).to.equal('livelock')
    expect(failure?.table).to.include('dies')
  })
})
