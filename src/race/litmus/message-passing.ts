import type { Litmus } from '../litmus.js'

const litmus: Litmus = {
  question: 'Who sees the flag, does he see the data that was stored before it?',
  from: 'Adve & Gharachorloo 1996 (MP)',
  program: {
    cells: 2,
    threads: [
      (cells) => {
        cells.store(0, 42)
        cells.store(1, 1)
      },
      (cells) => {
        const flag = cells.load(1)
        return [flag, cells.load(0)]
      },
    ],
  },
}

export default litmus
