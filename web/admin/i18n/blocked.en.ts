export const blocked = {}
