/** Properties that a picture of the graph keeps. */

/** What the look of nodes and notes is made of. All 350 properties of each element of a large graph would take minutes. */
export const STYLES = `
  align-items align-self justify-content flex flex-direction flex-wrap gap display visibility grid-template-columns
  grid-template-rows grid-column grid-row place-items position inset left top right bottom z-index transform transform-origin
  overflow box-sizing width height min-width min-height max-width max-height margin padding border border-radius border-left
  border-right border-top border-bottom border-style outline outline-offset background background-color box-shadow color opacity
  clip-path font-family font-size font-style font-weight font-variant-numeric line-height letter-spacing text-align text-decoration
  text-overflow text-transform white-space word-break list-style overflow-wrap vertical-align -webkit-line-clamp -webkit-box-orient
`
  .trim()
  .split(/\s+/);

/** What the look of edges, ports and icons is made of. */
export const SVG_STYLES = `
  fill fill-opacity stroke stroke-width stroke-opacity stroke-dasharray stroke-linecap stroke-linejoin marker-end marker-start
  opacity visibility display
`
  .trim()
  .split(/\s+/);
