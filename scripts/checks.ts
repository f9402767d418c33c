import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const projectFolder = dirname(dirname(fileURLToPath(import.meta.url)))

type Check = { name: string; script: string; args: string[] }

const typescript = 'node_modules/typescript/bin/tsc'

const checks: Check[] = [
  { name: 'structure and wording', script: 'scripts/check-structure.ts', args: [] },
  { name: 'texts of the pages', script: 'scripts/literal-texts.ts', args: [] },
  { name: 'types', script: typescript, args: ['-p', '.'] },
  { name: 'types of the web pages', script: typescript, args: ['-p', 'web'] },
  { name: 'lint and format', script: 'node_modules/@biomejs/biome/bin/biome', args: ['check', '--error-on-warnings'] },
]

/** Runs the checks in parallel, prints the output of failed checks, and returns their names. */
export async function runChecks(): Promise<string[]> {
  const applicable = checks.filter(
    ({ args }) => !args.includes('web') || existsSync(join(projectFolder, 'web/tsconfig.json')),
  )
  const results = await Promise.all(applicable.map(async (check) => ({ ...check, ...(await run(check)) })))
  const failed = results.filter(({ code }) => code !== 0)
  for (const { name, output } of failed) console.error(`\n${name}:\n${output}`)
  return failed.map(({ name }) => name)
}

function run({ script, args }: Check): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [join(projectFolder, script), ...args], { cwd: projectFolder })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk
    })
  }
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => resolve({ code, output }))
  })
}
