import type { Litmus } from '../litmus.js'

const litmus: Litmus = {
  question: 'Can two threads each load what the other stores only afterwards?',
  from: 'Alglave, Maranget & Tautschnig 2014 (LB)',
  program: {
    cells: 2,
    threads: [
      (cells) => {
        const seen = cells.load(0)
        cells.store(1, 1)
        return seen
      },
      (cells) => {
        const seen = cells.load(1)
        cells.store(0, 1)
        return seen
      },
    ],
  },
}

export default litmus
