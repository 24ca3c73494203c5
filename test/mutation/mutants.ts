import { type Argument, type CallExpression, type Expression, parseSync, type Statement, Visitor } from 'oxc-parser'

/** One change of a compiled module. */
export interface Mutant {
  /** The module, the rule and what was changed, without a line that would move: names it among those that are argued equivalent. */
  readonly name: string
  readonly line: number
  /** Where the change begins. */
  readonly start: number
  readonly rule: Rule
  /** What was there, and what takes its place. */
  readonly before: string
  readonly after: string
  readonly text: string
}

export type Rule = 'weakened exchange' | 'swapped writes' | 'dropped check' | 'negated check' | 'index off by one'

interface Edit {
  readonly rule: Rule
  readonly start: number
  readonly end: number
  readonly after: string
}

const cellOperations = /^(load|store|add|sub|exchange|compareExchange|load64|store64|add64|compareExchange64)$/
/** Names of what a check of an epoch, a deadline or a bound compares. */
const guarded =
  /life|epoch|control|deadline|AtMs|nowMs|Ms\b|limit|generation|claim|stamp|sequence|permitted|owner|size|capacity|state|tag|mask|slot|index|position|HELD|NONE|NO_/i
const writes = /\.(store|store64)\(|^store[A-Z]\w*\(/

/** Every mutant of a module, by rule. */
export function mutantsOf(path: string, text: string): Mutant[] {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} can't be parsed: ${errors[0]?.message}`)
  const edits: Edit[] = []
  const source = ({ start, end }: { start: number; end: number }) => text.slice(start, end)
  const check = (test: Expression) => {
    const what = source(test)
    if (!guarded.test(what) || !/===|!==|[<>]/.test(what)) return
    edits.push({ rule: 'negated check', start: test.start, end: test.end, after: `!(${what})` })
    edits.push({ rule: 'dropped check', start: test.start, end: test.end, after: `(${what}, false)` })
  }
  const statements = (body: readonly Statement[]) => {
    for (let at = 0; at + 1 < body.length; at++) {
      const [one, other] = [body[at] as Statement, body[at + 1] as Statement]
      if (one.type !== 'ExpressionStatement' || other.type !== 'ExpressionStatement') continue
      if (!writes.test(source(one)) || !writes.test(source(other))) continue
      const between = text.slice(one.end, other.start)
      const after = `${source(other)}${between}${source(one)}`
      edits.push({ rule: 'swapped writes', start: one.start, end: other.end, after })
    }
  }
  new Visitor({
    CallExpression(call) {
      edits.push(...editsOfCall(call, source))
    },
    IfStatement({ test }) {
      check(test)
    },
    ConditionalExpression({ test }) {
      check(test)
    },
    WhileStatement({ test }) {
      check(test)
    },
    ReturnStatement({ argument }) {
      if (argument?.type === 'BinaryExpression' || argument?.type === 'LogicalExpression') check(argument)
    },
    BlockStatement({ body }) {
      statements(body)
    },
  }).visit(program)
  return edits.map((edit) => mutantOf(path, text, edit))
}

function editsOfCall(call: CallExpression, source: (part: { start: number; end: number }) => string): Edit[] {
  const { callee } = call
  if (callee.type !== 'MemberExpression' || callee.computed || callee.property.type !== 'Identifier') return []
  const { name } = callee.property
  if (!cellOperations.test(name)) return []
  const owner = source(callee.object)
  if (owner !== 'Atomics' && !/cells$/i.test(owner)) return []
  const index = call.arguments[owner === 'Atomics' ? 1 : 0] as Argument | undefined
  if (!index) return []
  const edits: Edit[] = [
    { rule: 'index off by one', start: index.start, end: index.end, after: `(${source(index)}) + 1` },
  ]
  if (name === 'compareExchange') {
    const values = call.arguments.map(source).join(', ')
    const after =
      owner === 'Atomics'
        ? `((w, i, e, r) => { const f = Atomics.load(w, i); if (f === e) Atomics.store(w, i, r); return f })(${values})`
        : `((c, i, e, r) => { const f = c.load(i); if (f === (e | 0)) c.store(i, r); return f })(${owner}, ${values})`
    edits.push({ rule: 'weakened exchange', start: call.start, end: call.end, after })
  }
  return edits
}

function mutantOf(path: string, text: string, { rule, start, end, after }: Edit): Mutant {
  const line = text.slice(0, start).split('\n').length
  const before = text.slice(start, end)
  return {
    name: `${path} ${rule}: ${before.replaceAll(/\s+/g, ' ')}`,
    line,
    start,
    rule,
    before,
    after,
    text: text.slice(0, start) + after + text.slice(end),
  }
}

export function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length > 150 ? `${line.slice(0, 147)}…` : line
}
