import {
  type CSSVariablesResolver,
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

/** Our design tokens (`styles/tokens.css`), by the Mantine colour that uses them. */
const tones = { brand: 'accent', good: 'good', warn: 'warn', bad: 'bad', red: 'bad' } as const

const tuple = (token: string) => Array.from({ length: 10 }, () => `var(--${token})`) as unknown as MantineColorsTuple

/** Mantine's neutral shades, matched to the warm colours of our tokens. */
const gray = [
  '#f8f6f0',
  '#f1eee6',
  '#e6e2d7',
  '#dcd7ca',
  '#cfc9ba',
  '#8b8578',
  '#5d584d',
  '#4a463d',
  '#35322b',
  '#1d1b16',
]
const dark = [
  '#f2efe7',
  '#d5d1c6',
  '#b1ada2',
  '#7d7a71',
  '#3f403a',
  '#33342f',
  '#232420',
  '#1b1c19',
  '#121311',
  '#0c0d0b',
]

/** The tokens switch between light and dark themselves, so all ten shades of a colour are the same. */
export const theme = createTheme({
  primaryColor: 'brand',
  colors: {
    ...Object.fromEntries(Object.entries(tones).map(([name, token]) => [name, tuple(token)])),
    gray: gray as unknown as MantineColorsTuple,
    dark: dark as unknown as MantineColorsTuple,
  },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--font)', fontWeight: '650' },
  fontSizes: { xs: '0.8125rem', sm: '0.875rem', md: '1rem', lg: '1.1875rem', xl: '1.4375rem' },
  radius: { xs: '0.25rem', sm: '0.5rem', md: '0.625rem', lg: '0.875rem', xl: '1.25rem' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  components: {
    // Links within text are underlined, because colour alone is not enough to recognize them.
    Anchor: { defaultProps: { underline: 'always' } },
    Badge: { defaultProps: { tt: 'none' } },
    Checkbox: { defaultProps: { radius: 'xs' } },
    // A menu may contain only items (WAI-ARIA), and its focus placeholder is not one.
    Menu: { defaultProps: { withInitialFocusPlaceholder: false } },
    InputWrapper: { defaultProps: { withAsterisk: false } },
    // The header of a dialog must not be announced as the page's banner.
    ModalHeader: { defaultProps: { component: 'div' } },
    DrawerHeader: { defaultProps: { component: 'div' } },
  },
  respectReducedMotion: true,
  variantColorResolver: (input) => resolveVariant(input),
})

/** Mantine's variants, but with a text colour that is readable on filled backgrounds. */
const resolveVariant: VariantColorsResolver = (input) => {
  const colors = defaultVariantColorsResolver(input)
  const name = input.color ?? input.theme.primaryColor
  return input.variant === 'filled' && name in tones
    ? { ...colors, color: `var(--mantine-color-${name}-contrast)` }
    : colors
}

function variablesOf([name, token]: [string, string]): Record<string, string> {
  const color = `var(--${token})`
  const soft = token === 'accent' ? 'var(--accent-soft)' : `var(--${token}-soft)`
  const on = (key: string) => `--mantine-color-${name}-${key}`
  return {
    [on('text')]: color,
    [on('filled')]: token === 'accent' ? 'var(--fill)' : color,
    [on('filled-hover')]: token === 'accent' ? 'var(--fill-hover)' : `color-mix(in oklab, ${color} 88%, var(--ink))`,
    [on('light')]: soft,
    [on('light-hover')]: `color-mix(in oklab, ${color} 10%, ${soft})`,
    [on('light-color')]: color,
    [on('outline')]: color,
    [on('outline-hover')]: soft,
    [on('contrast')]: token === 'accent' ? 'var(--on-accent)' : 'var(--surface)',
  }
}

const shared = {
  '--mantine-color-body': 'var(--surface)',
  '--mantine-color-text': 'var(--ink)',
  '--mantine-color-bright': 'var(--ink)',
  '--mantine-color-dimmed': 'var(--ink-2)',
  '--mantine-color-placeholder': 'var(--ink-2)',
  '--mantine-color-anchor': 'var(--accent)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-success': 'var(--good)',
  '--mantine-color-default': 'var(--surface)',
  '--mantine-color-default-hover': 'var(--surface-2)',
  '--mantine-color-default-color': 'var(--ink)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-disabled': 'var(--surface-2)',
  '--mantine-color-disabled-color': 'var(--ink-2)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  ...Object.assign({}, ...Object.entries(tones).map(variablesOf)),
}

/** Maps Mantine's CSS variables to our tokens. */
export const resolveVariables: CSSVariablesResolver = () => ({ variables: {}, light: shared, dark: shared })
