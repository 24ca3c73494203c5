import { readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { type Comment, parseSync, Visitor } from 'oxc-parser'

/** One source file, as far as the rules look into it. */
export interface SourceModule {
  /** From the project's root, with slashes: `src/cli/run.ts`. */
  readonly path: string
  readonly lines: number
  readonly imports: readonly Import[]
  /** Names as they are used: `Atomics`, `process.hrtime`, `Math.random`; keys of objects and members alone are not. */
  readonly uses: ReadonlySet<string>
  /** Typed arrays and views made of something that could be a buffer: `new Int32Array(x)`, not `new Int32Array(8)`. */
  readonly views: readonly string[]
  /** `new SharedArrayBuffer(…)`; to name the type is allowed anywhere. */
  readonly allocates: boolean
  readonly exportsAll: boolean
  readonly comments: readonly string[]
}

export interface Import {
  /** A path from the project's root, or the name of a package. */
  readonly target: string
  /** Gone after compilation. */
  readonly typeOnly: boolean
}

const viewNames = /^(DataView|(Big)?(Int|Uint|Float)\d+(Clamped)?Array)$/

export function parseModule(path: string, text: string): SourceModule {
  const { program, module, comments, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} can't be parsed: ${errors[0]?.message}`)
  const imports = new Imports(path)
  const uses = new Set<string>()
  const views: string[] = []
  let allocates = false
  /** Where the names of members and keys begin: they are no uses of what is called so. */
  const notUses = new Set<number>()

  for (const { moduleRequest, entries } of module.staticImports) {
    imports.add(moduleRequest.value, entries.length > 0 && entries.every((entry) => entry.isType))
  }
  for (const entry of module.staticExports.flatMap((statement) => statement.entries)) {
    if (entry.moduleRequest) imports.add(entry.moduleRequest.value, entry.isType)
  }
  new Visitor({
    ImportExpression({ source }) {
      if (source.type === 'Literal' && typeof source.value === 'string') imports.add(source.value, false)
    },
    TSImportType({ source }) {
      imports.add(source.value, true)
    },
    MemberExpression(member) {
      if (member.computed) return
      notUses.add(member.property.start)
      if (member.object.type === 'Identifier') uses.add(`${member.object.name}.${member.property.name}`)
    },
    Property(property) {
      if (!property.computed && !property.shorthand) notUses.add(property.key.start)
    },
    PropertyDefinition(property) {
      if (!property.computed) notUses.add(property.key.start)
    },
    MethodDefinition(method) {
      if (!method.computed) notUses.add(method.key.start)
    },
    TSPropertySignature(property) {
      if (!property.computed) notUses.add(property.key.start)
    },
    TSMethodSignature(method) {
      if (!method.computed) notUses.add(method.key.start)
    },
    Identifier({ name, start }) {
      if (!notUses.has(start)) uses.add(name)
    },
    NewExpression({ callee, arguments: [first] }) {
      if (callee.type === 'Identifier' && callee.name === 'SharedArrayBuffer') allocates = true
      if (callee.type !== 'Identifier' || !viewNames.test(callee.name)) return
      const plain = ['Literal', 'ArrayExpression', 'BinaryExpression']
      if (first && !plain.includes(first.type)) views.push(callee.name)
    },
  }).visit(program)

  return {
    path,
    lines: text.trimEnd().split('\n').length,
    imports: imports.found,
    uses,
    views,
    allocates,
    exportsAll: program.body.some((statement) => statement.type === 'ExportAllDeclaration'),
    comments: comments.map((comment: Comment) => comment.value),
  }
}

/** Every module under the folders named, parsed. */
export function modulesUnder(root: string, folders: readonly string[]): SourceModule[] {
  return folders
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => posix.join(folder, file)),
    )
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => parseModule(path, readFileSync(join(root, path), 'utf8')))
}

class Imports {
  readonly found: Import[] = []
  readonly #from: string

  constructor(path: string) {
    this.#from = posix.dirname(path)
  }

  add(specifier: string, typeOnly: boolean): void {
    const target = specifier.startsWith('.') ? posix.join(this.#from, specifier).replace(/\.js$/, '.ts') : specifier
    this.found.push({ target, typeOnly })
  }
}
