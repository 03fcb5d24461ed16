import { msg } from "@lit/localize";
import { html, LitElement, nothing, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { type CommandId, VIEWPORT_COMMANDS } from "../../viewer/viewport-commands.ts";
import type { ViewportController } from "../../viewer/viewport-controller.ts";
import type { WindowChoice, WindowOption } from "../../viewer/window-choice.ts";
import { controlStyles } from "../control-styles.ts";
import "../icon/negato-icon.ts";
import { placePopover } from "../popover-placement.ts";
import { popoverStyles } from "../popover-styles.ts";
import { SignalController } from "../signal-controller.ts";
import { commandLabel } from "../viewport/command-labels.ts";
import { windowOptionText, windowValues } from "../viewport/window-text.ts";
import { fittingItems, TOOLBAR_ITEMS, type ToolbarItem } from "./toolbar-items.ts";
import { toolbarStyles } from "./toolbar-styles.ts";

/**
 * Tools and actions of a viewport, as the ARIA toolbar pattern has it: one stop for Tab, arrow keys inside.
 * What has no room stands in a menu at the end.
 */
@customElement("negato-toolbar")
export class NegatoToolbar extends LitElement {
  static override readonly styles = [controlStyles, popoverStyles, toolbarStyles];

  @property({ attribute: false }) viewport: ViewportController | undefined;
  @state() private items: readonly ToolbarItem[] = TOOLBAR_ITEMS;
  readonly #signals = new SignalController(this);
  readonly #sizes = new ResizeObserver(() => this.#fit());
  #stop = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.#sizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#sizes.disconnect();
  }

  protected override render(): TemplateResult {
    const { viewport } = this;
    if (viewport === undefined) return html``;
    return this.#signals.track(() => this.#draw(viewport));
  }

  #draw(viewport: ViewportController): TemplateResult {
    const rest = TOOLBAR_ITEMS.filter((item) => !this.items.includes(item));
    return html`<div
        class="bar"
        role="toolbar"
        aria-label=${msg("Tools")}
        aria-orientation="horizontal"
        @keydown=${this.#moveByKey}
        @focusin=${this.#focused}
      >
        ${this.items.map((item) => this.#item(item, viewport))}
        ${rest.length === 0 ? nothing : this.#moreButton()}
      </div>
      ${this.#windowMenu(viewport)} ${rest.length === 0 ? nothing : this.#moreMenu(rest, viewport)}`;
  }

  #item(item: ToolbarItem, viewport: ViewportController): TemplateResult {
    const label = itemLabel(item);
    const isMenu = item.command === "window-menu";
    const pressed = isPressed(item.command, viewport);
    const key = shortcutOf(item.command);
    return html`${
      item.startsGroup === true ? html`<span class="divider" role="presentation"></span>` : nothing
    }<button
        type="button"
        class="tool"
        tabindex=${this.items.indexOf(item) === this.#stop ? 0 : -1}
        aria-label=${label}
        title=${key === "" ? label : `${label} (${key})`}
        aria-pressed=${pressed === undefined ? nothing : pressed}
        aria-haspopup=${isMenu ? "menu" : nothing}
        ?disabled=${isMenu && viewport.windowOptions.value.length === 0}
        @click=${(event: Event) => this.#run(item.command, event.currentTarget)}
      >
        <negato-icon name=${iconOf(item, viewport)}></negato-icon>
        <span class="label" aria-hidden="true">${shortLabel(item)}</span>
      </button>`;
  }

  #moreButton(): TemplateResult {
    const label = msg("More tools");
    return html`<button
      type="button"
      class="tool more"
      tabindex=${this.#stop === this.items.length ? 0 : -1}
      aria-label=${label}
      title=${label}
      aria-haspopup="menu"
      @click=${(event: Event) => this.#open("more", event.currentTarget)}
    >
      <negato-icon name="ellipsis"></negato-icon>
      <span class="label" aria-hidden="true">${msg("More")}</span>
    </button>`;
  }

  #moreMenu(rest: readonly ToolbarItem[], viewport: ViewportController): TemplateResult {
    return html`<div id="more" popover role="menu" aria-label=${msg("More tools")} @keydown=${menuKeys}>
      ${rest.map((item) => {
        const pressed = isPressed(item.command, viewport);
        const isMenu = item.command === "window-menu";
        return html`<button
          type="button"
          class="menu-item"
          role=${pressed === undefined ? "menuitem" : "menuitemcheckbox"}
          aria-checked=${pressed === undefined ? nothing : pressed}
          ?disabled=${isMenu && viewport.windowOptions.value.length === 0}
          @click=${() => {
            this.#close("more");
            this.#run(item.command, this.renderRoot.querySelector(".more"));
          }}
        >
          <negato-icon name=${iconOf(item, viewport)}></negato-icon>${itemLabel(item)}
          <span class="end">${keyCap(shortcutOf(item.command))}</span>
        </button>`;
      })}
    </div>`;
  }

  #windowMenu(viewport: ViewportController): TemplateResult {
    const choice = viewport.state.windowChoice.value;
    return html`<div id="windows" popover role="menu" aria-label=${msg("Windows")} @keydown=${menuKeys}>
      ${this.#windowItem(
        choice.kind === "default",
        commandLabel("window-default"),
        "",
        shortcutOf("window-default"),
        () => viewport.run("window-default"),
      )}
      ${distinct(viewport.windowOptions.value).map((option) =>
        this.#windowItem(
          isChosen(choice, option),
          windowOptionText(option.choice, option.voi),
          windowValues(option.voi),
          option.digit === undefined ? automaticKey(option) : String(option.digit),
          () => viewport.state.chooseWindow(option.choice),
        ),
      )}
    </div>`;
  }

  #windowItem(
    isChecked: boolean,
    name: string,
    values: string,
    key: string,
    choose: () => void,
  ): TemplateResult {
    return html`<button
      type="button"
      class="menu-item"
      role="menuitemradio"
      aria-checked=${isChecked}
      @click=${() => {
        choose();
        this.#close("windows");
      }}
    >
      ${keyCap(key)}<span class="name">${name}</span><span class="end">${values}</span>
    </button>`;
  }

  #run(command: ToolbarItem["command"], anchor: EventTarget | null): void {
    if (command === "window-menu") this.#open("windows", anchor);
    else this.viewport?.run(command);
  }

  #open(id: "more" | "windows", anchor: EventTarget | null): void {
    const popover = this.renderRoot.querySelector<HTMLElement>(`#${id}`);
    if (popover === null || !(anchor instanceof Element)) return;
    popover.togglePopover();
    if (!popover.matches(":popover-open")) return;
    placePopover(popover, anchor);
    popover.querySelector<HTMLElement>('[aria-checked="true"], .menu-item:not(:disabled)')?.focus();
  }

  #close(id: "more" | "windows"): void {
    this.renderRoot.querySelector<HTMLElement>(`#${id}`)?.hidePopover();
  }

  #fit(): void {
    const width = this.clientWidth - 16;
    const isLabelled = width >= 1180;
    const isPhone = width < 600;
    const itemWidth = isLabelled ? 72 : isPhone ? 62 : 50;
    this.items = fittingItems(width / itemWidth);
  }

  readonly #focused = (): void => {
    const tools = this.#tools();
    const at = tools.findIndex((tool) => tool.matches(":focus"));
    if (at < 0 || at === this.#stop) return;
    this.#stop = at;
    this.requestUpdate();
  };

  readonly #moveByKey = (event: KeyboardEvent): void => {
    const tools = this.#tools();
    const at = tools.findIndex((tool) => tool.matches(":focus"));
    const next: Record<string, number> = {
      ArrowRight: (at + 1) % tools.length,
      ArrowLeft: (at - 1 + tools.length) % tools.length,
      Home: 0,
      End: tools.length - 1,
    };
    const target = tools[next[event.key] ?? -1];
    if (at < 0 || target === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    target.focus();
  };

  #tools(): readonly HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>(".tool")];
  }
}

function menuKeys(event: KeyboardEvent): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>(".menu-item:not(:disabled)")];
  const at = items.findIndex((item) => item.matches(":focus"));
  const next: Record<string, number> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const target = items[next[event.key] ?? -1];
  if (target === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  target.focus();
}

function itemLabel({ command }: ToolbarItem): string {
  return command === "window-menu" ? msg("Window presets") : commandLabel(command);
}

/** The label below the icon, where there is room for one word. */
function shortLabel({ command }: ToolbarItem): string {
  switch (command) {
    case "window-menu":
      return msg("Presets");
    case "rotate-left":
      return msg("Left 90°");
    case "rotate-right":
      return msg("Right 90°");
    case "flip-horizontal":
      return msg("Mirror");
    case "flip-vertical":
      return msg("Flip");
    default:
      return commandLabel(command);
  }
}

function iconOf({ command, icon }: ToolbarItem, viewport: ViewportController): typeof icon {
  return command === "cine-toggle" && viewport.cine.isPlaying.value ? "pause" : icon;
}

/** Whether a button that stays down is down; undefined for those that do not. */
function isPressed(
  command: ToolbarItem["command"],
  viewport: ViewportController,
): boolean | undefined {
  const { state, cine } = viewport;
  switch (command) {
    case "tool-window":
    case "tool-scroll":
    case "tool-pan":
    case "tool-zoom":
      return command === `tool-${state.tool.value}`;
    case "invert":
      return state.isInverted.value;
    case "cine-toggle":
      return cine.isPlaying.value;
    default:
      return undefined;
  }
}

function shortcutOf(command: ToolbarItem["command"]): string {
  const found = VIEWPORT_COMMANDS.find(({ id }) => id === command);
  return found?.shortcuts[0]?.label ?? "";
}

function automaticKey(option: WindowOption): string {
  const command: CommandId = "window-automatic";
  return option.choice.kind === "automatic" ? shortcutOf(command) : "";
}

function isChosen(choice: WindowChoice, option: WindowOption): boolean {
  if (choice.kind !== option.choice.kind) return false;
  if (choice.kind === "offered" && option.choice.kind === "offered")
    return choice.index === option.choice.index;
  return choice.kind === "automatic" || ("window" in choice && choice.window === option.voi);
}

/** The options without those of the image that are presets already. */
function distinct(options: readonly WindowOption[]): readonly WindowOption[] {
  const presets = new Set(
    options.filter(({ choice }) => choice.kind === "preset").map(({ voi }) => windowValues(voi)),
  );
  return options.filter(
    ({ choice, voi }) => choice.kind !== "offered" || !presets.has(windowValues(voi)),
  );
}

function keyCap(key: string): TemplateResult | typeof nothing {
  return key === "" ? html`<span class="no-key"></span>` : html`<kbd>${key}</kbd>`;
}

declare global {
  interface HTMLElementTagNameMap {
    "negato-toolbar": NegatoToolbar;
  }
}
