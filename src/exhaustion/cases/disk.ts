import { existsSync } from 'node:fs'
import { type ExhaustionCase, nobody } from '../../exhaustion-case.js'
import { UsualWork } from '../usual-work.js'

/** A device that has no room: the kernel answers each write with ENOSPC, as a full file system does. */
const FULL_DEVICE = '/dev/full'

/** The calls' files are moved to a full device, and back. */
const disk: ExhaustionCase = {
  missing: () => (existsSync(FULL_DEVICE) ? undefined : `this system has no ${FULL_DEVICE}`),
  open: async () => nobody,

  operation({ folder }) {
    const work = new UsualWork(folder)
    return {
      run: (isExhausted) => work.run(isExhausted ? FULL_DEVICE : undefined),
      async close() {},
    }
  },
}

export default disk
