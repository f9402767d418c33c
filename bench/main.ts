/**
 * Runs every benchmark in this folder one by one, and prints one table of results: `npm run bench [-- PART OF A NAME …]`. With
 * parts of names, runs only the benchmarks whose file name contains one of them.
 */
import { readdirSync } from 'node:fs'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Benchmark, Measurement } from './measurement.ts'

const folder = dirname(fileURLToPath(import.meta.url))
const notQuestions = ['main.ts', 'measurement.ts']
const wanted = process.argv.slice(2)

const files = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !notQuestions.includes(name))
  .filter((name) => wanted.length === 0 || wanted.some((part) => name.includes(part)))
  .sort()

const rows: string[][] = []
for (const file of files) {
  const { question, run } = (await import(`./${file}`)) as Benchmark
  console.error(`${question} …`)
  const measurements = await run()
  rows.push(...measurements.map((measurement, index) => toRow(measurement, index === 0 ? question : '')))
}
console.log(describeMachine())
console.log(formatTable(['Question', 'Measured', 'Result', 'Note'], rows))

function toRow({ what, value, unit, note = '' }: Measurement, question: string): string[] {
  return [question, what, `${formatNumber(value)} ${unit}`, note]
}

/** Three significant digits are enough, because the rest is noise. */
function formatNumber(value: number): string {
  return new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(value)
}

function describeMachine(): string {
  const memory = Math.round(totalmem() / 2 ** 30)
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  return `${availableParallelism()} cores (${processor}), ${memory} GiB, Node ${process.version}, ${process.platform}\n`
}

/** A Markdown table that is easy to read in a terminal. */
function formatTable(header: string[], lines: string[][]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...lines.map((line) => line[column]?.length ?? 0)),
  )
  const format = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`
  return [format(header), format(widths.map((width) => '-'.repeat(width))), ...lines.map(format)].join('\n')
}
