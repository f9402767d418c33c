/** The icons that all pages share, as SVG paths on a 24 by 24 grid. */
export const sharedPaths = {
  clock: 'M12 7v5l3.2 2M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  pin: 'M12 21s-7-6.2-7-11.2a7 7 0 0 1 14 0C19 14.8 12 21 12 21Zm0-8.8a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2Z',
  phone: 'M5.2 4h3l1.6 4-2 1.5a12 12 0 0 0 5.7 5.7l1.5-2 4 1.6v3a2 2 0 0 1-2.2 2A16 16 0 0 1 3.2 6.2 2 2 0 0 1 5.2 4Z',
  video:
    'M4.5 7h9A1.5 1.5 0 0 1 15 8.5v7a1.5 1.5 0 0 1-1.5 1.5h-9A1.5 1.5 0 0 1 3 15.5v-7A1.5 1.5 0 0 1 4.5 7ZM15 11l6-3.5v9L15 13',
  globe: 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0ZM3.5 9h17M3.5 15h17M12 3c5 5.4 5 12.6 0 18-5-5.4-5-12.6 0-18Z',
  people:
    'M9 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20a6.5 6.5 0 0 1 13 0M16 4.8a3.5 3.5 0 0 1 0 6.5M18 14.3a6.5 6.5 0 0 1 3.5 5.7',
  person: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5a7.5 7.5 0 0 1 15 0',
  calendar:
    'M4 8.5h16M8 3v3.5M16 3v3.5M5.5 5h13A1.5 1.5 0 0 1 20 6.5v12a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5v-12A1.5 1.5 0 0 1 5.5 5Z',
  left: 'm14.5 5.5-6.5 6.5 6.5 6.5',
  right: 'm9.5 5.5 6.5 6.5-6.5 6.5',
  down: 'm6 9.5 6 6 6-6',
  check: 'm5 12.5 4.8 4.8L19.5 7.5',
  cross: 'm6 6 12 12M18 6 6 18',
  alert: 'M12 8v5M12 16.5v.01M12 3.2 2.5 19.5h19L12 3.2Z',
  info: 'M12 11v5.5M12 7.5v.01M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0Z',
  hourglass: 'M7 3.5h10M7 20.5h10M8 3.5c0 5 8 5.5 8 8.5s-8 3.5-8 8.5M16 3.5c0 5-8 5.5-8 8.5s8 3.5 8 8.5',
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM20 20l-4.8-4.8',
  copy: 'M9 9h9.5A1.5 1.5 0 0 1 20 10.5V20H9a1 1 0 0 1-1-1V10a1 1 0 0 1 1-1ZM4 15V5a1 1 0 0 1 1-1h10',
  download: 'M12 4v11M7.5 11 12 15.5 16.5 11M4.5 20h15',
  shield: 'M12 3 4.5 6v5.5c0 4.5 3 7.8 7.5 9.5 4.5-1.7 7.5-5 7.5-9.5V6L12 3Zm-3.2 9 2.3 2.3 4.2-4.3',
  arrow: 'M4.5 12h15M13.5 6l6 6-6 6',
  note: 'M5.5 4h13A1.5 1.5 0 0 1 20 5.5v9L14.5 20h-9A1.5 1.5 0 0 1 4 18.5v-13A1.5 1.5 0 0 1 5.5 4ZM8 9h8M8 13h4',
}

export type IconName = keyof typeof sharedPaths

/** An icon next to a text with the same meaning. Hidden from screen readers. */
export function Icon({ name, size }: { name: IconName; size?: number }) {
  return <Drawing path={sharedPaths[name]} size={size} />
}

/** Draws one SVG path in the style of all icons. */
export function Drawing({ path, size = 20 }: { path: string; size?: number | undefined }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={path} />
    </svg>
  )
}

export function Bell({ size = 16 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" aria-hidden="true">
      <path d="M5 17c1.7-1.5 2.1-3.6 2.1-6.6a4.9 4.9 0 0 1 9.8 0c0 3 .4 5.1 2.1 6.6z" fill="currentColor" />
      <path
        d="M9.6 19.7a2.5 2.5 0 0 0 4.8 0"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.9"
        strokeLinecap="round"
      />
    </svg>
  )
}
