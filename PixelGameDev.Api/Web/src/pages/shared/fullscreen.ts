/** Shows an element in full screen, or ends that. */
export async function toggleFullscreen(section: HTMLElement): Promise<void> {
  try {
    if (document.fullscreenElement !== null) await document.exitFullscreen();
    else await section.requestFullscreen();
  } catch {
    // Not every device supports this, and a frame may lack the permission.
  }
}
