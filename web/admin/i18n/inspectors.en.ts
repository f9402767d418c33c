export const inspectors = {}
