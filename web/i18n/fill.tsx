import { Fragment, type ReactNode } from 'react'

/** Renders a text in which elements, such as a link or a bold word, replace its `{names}`. */
export function Fill({ text, ...parts }: { text: string } & Record<string, ReactNode>) {
  return text.split(/(\{\w+\})/).map((piece, at) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1]
    // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text never change their order
    return <Fragment key={at}>{name === undefined ? piece : (parts[name] ?? piece)}</Fragment>
  })
}
