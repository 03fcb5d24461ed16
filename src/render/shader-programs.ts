import { extrasFragmentShader } from "./extras-shader-source.ts";
import { plainFragmentShader, type ShaderVariant, VERTEX_SHADER } from "./shader-source.ts";

/** A linked shader with the places of its uniforms; null for those that the variant does not use. */
export interface ShaderProgram {
  readonly program: WebGLProgram;
  readonly uniforms: ReturnType<typeof uniformsOf>;
}

/** The shaders of a context, compiled when they are first needed. */
export class ShaderPrograms {
  readonly #gl: WebGL2RenderingContext;
  readonly #programs = new Map<string, ShaderProgram>();

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** @throws Error when the context refuses the shader, which is a mistake of ours or of the driver. */
  get(variant: ShaderVariant): ShaderProgram {
    const { extras, ...plain } = variant;
    const key = [...Object.values(plain), ...Object.values(extras ?? {})].join();
    const known = this.#programs.get(key);
    if (known !== undefined) return known;
    const made = this.#link(variant);
    this.#programs.set(key, made);
    return made;
  }

  dispose(): void {
    for (const { program } of this.#programs.values()) this.#gl.deleteProgram(program);
    this.#programs.clear();
  }

  #link(variant: ShaderVariant): ShaderProgram {
    const gl = this.#gl;
    const program = gl.createProgram();
    const shaders = [
      this.#compile(gl.VERTEX_SHADER, VERTEX_SHADER),
      this.#compile(gl.FRAGMENT_SHADER, fragmentShader(variant)),
    ];
    for (const shader of shaders) gl.attachShader(program, shader);
    gl.linkProgram(program);
    if (gl.getProgramParameter(program, gl.LINK_STATUS) !== true && !gl.isContextLost()) {
      const log = shaders.map((shader) => gl.getShaderInfoLog(shader) ?? "").join("\n");
      throw new Error(
        `The graphics driver refuses a shader: ${gl.getProgramInfoLog(program)} ${log}`,
      );
    }
    for (const shader of shaders) gl.deleteShader(shader);
    return { program, uniforms: uniformsOf(gl, program) };
  }

  #compile(type: number, source: string): WebGLShader {
    const gl = this.#gl;
    const shader = gl.createShader(type);
    if (shader === null) throw new Error("The graphics context makes no shader");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    return shader;
  }
}

function fragmentShader(variant: ShaderVariant): string {
  const { extras } = variant;
  return extras === undefined
    ? plainFragmentShader(variant)
    : extrasFragmentShader(variant, extras);
}

function uniformsOf(gl: WebGL2RenderingContext, program: WebGLProgram) {
  const location = (name: string): WebGLUniformLocation | null =>
    gl.getUniformLocation(program, name);
  return {
    frame: location("frame"),
    corner: location("corner"),
    turn: location("turn"),
    origin: location("origin"),
    footprint: location("footprint"),
    size: location("size"),
    tile: location("tile"),
    padding: location("padding"),
    table: location("table"),
    tableRange: location("tableRange"),
    curve: location("curve"),
    curveTable: location("curveTable"),
    curveLast: location("curveLast"),
    inverted: location("inverted"),
    mask: location("mask"),
    maskColors: location("maskColors"),
    presentationTable: location("presentationTable"),
    presentationLast: location("presentationLast"),
    supplementalTable: location("supplementalTable"),
    supplementalRange: location("supplementalRange"),
    pseudoTable: location("pseudoTable"),
    pseudoLast: location("pseudoLast"),
    cube: location("cube"),
  };
}
