import type { Litmus } from '../litmus.js'

const litmus: Litmus = {
  question: 'Do two loads of one cell see its stores in the order in which they were made?',
  from: 'Alglave, Maranget & Tautschnig 2014 (CoRR)',
  program: {
    cells: 1,
    threads: [
      (cells) => {
        cells.store(0, 1)
        cells.store(0, 2)
      },
      (cells) => {
        const first = cells.load(0)
        return [first, cells.load(0)]
      },
    ],
  },
}

export default litmus
