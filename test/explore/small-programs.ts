import type { Body, Program, ThreadWorld } from '../../src/explore/program.js'

type Thread = Body<ThreadWorld>

/** The programs of GenMC's tests, by name; how many executions each has is published with them. */
export const small = {
  lastzero(n: number): Program {
    const last: Thread = (cells) => {
      let cell = n
      while (cells.load(cell) !== 0) cell -= 1
      return cell
    }
    const writes = times(
      n,
      (at): Thread =>
        (cells) =>
          cells.store(at + 1, cells.load(at) + 1),
    )
    return { cells: n + 1, threads: [last, ...writes] }
  },

  readers(n: number): Program {
    return { cells: 1, threads: [(cells) => cells.store(0, 42), ...times(n, (): Thread => (cells) => cells.load(0))] }
  },

  ainc(n: number): Program {
    return { cells: 1, threads: times(n, (): Thread => (cells) => void cells.add(0, 1)) }
  },

  binc(n: number): Program {
    const adds: Thread = (cells) => {
      cells.add(0, 1)
      cells.add(1, 1)
    }
    return { cells: 2, threads: times(n, () => adds) }
  },

  inc(n: number): Program {
    return {
      cells: 1,
      threads: times(
        n,
        (thread): Thread =>
          (cells) =>
            cells.store(0, cells.load(0) + 2 ** thread),
      ),
    }
  },

  cas(n: number): Program {
    return {
      cells: 1,
      threads: times(
        n,
        (thread): Thread =>
          (cells) =>
            void cells.compareExchange(0, 0, thread + 1),
      ),
    }
  },

  casrot(n: number): Program {
    const rotates =
      (thread: number): Thread =>
      (cells) =>
        void cells.compareExchange(0, thread, thread + 1)
    return { cells: 1, threads: times(n, rotates) }
  },

  casw(n: number): Program {
    const writes =
      (thread: number): Thread =>
      (cells) => {
        cells.compareExchange(0, 0, 1)
        cells.store(0, thread + 3)
      }
    return { cells: 1, threads: times(n, writes) }
  },

  coa(n: number): Program {
    const looks =
      (value: number): Thread =>
      (cells) => {
        cells.store(0, value)
        return [cells.load(value), cells.load(0)]
      }
    const writes =
      (value: number): Thread =>
      (cells) => {
        cells.store(1, value)
        cells.store(2, value)
      }
    return { cells: 3, threads: [looks(1), looks(2), ...times(n - 1, writes)] }
  },

  storeBuffering(): Program {
    return { cells: 2, threads: [storeThenLoad(0, 1), storeThenLoad(1, 0)] }
  },

  messagePassing(): Program {
    return { cells: 2, threads: [stores([0, 1], [1, 1]), loads(1, 0)] }
  },

  loadBuffering(): Program {
    return { cells: 2, threads: [loadThenStore(0, 1), loadThenStore(1, 0)] }
  },

  twoWriters(): Program {
    return { cells: 2, threads: [stores([0, 1], [1, 2]), stores([1, 1], [0, 2])] }
  },

  independentReads(): Program {
    return { cells: 2, threads: [stores([0, 1]), stores([1, 1]), loads(0, 1), loads(1, 0)] }
  },
}

function times<Item>(count: number, make: (index: number) => Item): Item[] {
  return Array.from({ length: count }, (_, index) => make(index))
}

function storeThenLoad(store: number, load: number): Thread {
  return (cells) => {
    cells.store(store, 1)
    return cells.load(load)
  }
}

function loadThenStore(load: number, store: number): Thread {
  return (cells) => {
    const seen = cells.load(load)
    cells.store(store, 1)
    return seen
  }
}

function stores(...writes: readonly (readonly [cell: number, value: number])[]): Thread {
  return (cells) => {
    for (const [cell, value] of writes) cells.store(cell, value)
  }
}

function loads(...cells: readonly number[]): Thread {
  return (memory) => cells.map((cell) => memory.load(cell))
}
