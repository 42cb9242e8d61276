/** The libraries of the game image (PixelGameDev.GameHost/docker/Dockerfile) by the names that programs import. A test imports each. */
export const libraries = ['pygame', 'pgzrun', 'numpy', 'scipy', 'PIL'];

/** Libraries of Python files only: whoever adds their folder to the project can use them. */
export const pureLibraries = ['pytmx', 'pyscroll', 'pygame_menu', 'pygame_gui', 'pygame_widgets', 'thorpy', 'perlin_noise'];

/** Libraries that draw with a graphics card. */
export const libraries3d = ['OpenGL', 'ursina', 'panda3d', 'moderngl', 'vpython'];
