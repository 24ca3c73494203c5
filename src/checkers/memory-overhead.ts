import type { Checker, Judgement, VerdictResult } from '../checker.js'
import { worst } from '../report.js'
import { number, plural } from '../reporting/figures.js'
import { bytesText } from '../soak/figures.js'
import { retainedOf } from '../soak/retained.js'

const bytesPerMb = 2 ** 20

const checker: Checker = {
  name: 'memory-overhead',
  question: 'Does a call leave no more behind, collected, than the plan allows?',

  applies({ plan, soak }) {
    if (soak === undefined) return 'the plan is no soak'
    const { retainedMbMax, retainedBytesPerCallMax } = plan.marks
    return retainedMbMax !== undefined || retainedBytesPerCallMax !== undefined || 'the plan sets no such mark'
  },

  check(evidence): Judgement {
    const { retainedMbMax, retainedBytesPerCallMax } = evidence.plan.marks
    const retained = retainedOf(evidence)
    if (!retained) return { result: 'unknown', summary: 'a thread could not be looked at before and after the soak' }
    const { soak, bare, bytesPerCall } = retained
    const judged: { result: VerdictResult; line: string }[] = []
    if (retainedBytesPerCallMax !== undefined) {
      const line = `${bytesText(bytesPerCall)} retained a call (≤ ${bytesText(retainedBytesPerCallMax)})`
      judged.push({ result: bytesPerCall <= retainedBytesPerCallMax ? 'valid' : 'invalid', line })
    }
    if (retainedMbMax !== undefined) {
      const line = `${bytesText(soak.bytes)} in all (≤ ${number(retainedMbMax)} MB)`
      judged.push({ result: soak.bytes <= retainedMbMax * bytesPerMb ? 'valid' : 'invalid', line })
    }
    const ofBare = bare && bare.calls > 0 ? `; the bare loop ${bytesText(bare.bytes / bare.calls)} a call` : ''
    return {
      result: worst(judged.map(({ result }) => result)),
      summary: `${judged.map(({ line }) => line).join(', ')} over ${plural(soak.calls, 'call')}${ofBare}`,
      details: judged.filter(({ result }) => result !== 'valid').map(({ line }) => line),
    }
  },
}

export default checker
