import type { Litmus } from '../litmus.js'

const litmus: Litmus = {
  question: 'Do two readers see two independent stores in the same order?',
  from: 'Boehm & Adve 2008 (IRIW)',
  program: {
    cells: 2,
    threads: [
      (cells) => cells.store(0, 1),
      (cells) => cells.store(1, 1),
      (cells) => {
        const first = cells.load(0)
        return [first, cells.load(1)]
      },
      (cells) => {
        const first = cells.load(1)
        return [first, cells.load(0)]
      },
    ],
  },
}

export default litmus
