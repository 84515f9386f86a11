//! The stage: the picture, the buttons that stand where the nodes are, tools and actions.

pub(crate) mod actions;
pub(crate) mod nodes;
pub(crate) mod painter;
pub(crate) mod tools;

use crate::act::{Act, Selection, Tool};
use crate::geometry::Point;
use crate::gesture::{CLICK, SWIPE, Stroke};
use crate::lab::{Command, Input, Lab, NodeId, Seen};
use crate::layout::Room;
use crate::words::{self, Arg};
use actions::Actions;
use nodes::NodeButtons;
use painter::{Hit, Painter};
use tools::Tools;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, HtmlElement, Node, PointerEvent, ResizeObserver};
use yew::prelude::*;

/// So many characters tell who stands on a side while it is drawn.
const NAMED_MOST: usize = 60;

/// What the stage is given.
#[derive(Properties, PartialEq)]
pub(crate) struct Props {
    pub(crate) lab: Lab,
    pub(crate) seen: Seen,
    pub(crate) selection: Option<Selection>,
    pub(crate) tool: Option<Tool>,
    pub(crate) playing: bool,
    /// Whether the picture may not move by itself.
    pub(crate) still: bool,
    /// Whether tools are offered.
    pub(crate) editable: bool,
    /// Rises when Escape is pressed: a stroke that is being drawn ends without effect.
    pub(crate) escapes: u32,
    pub(crate) send: Callback<Act>,
}

/// The stage and what is being drawn on it.
pub(crate) struct Stage {
    stage: NodeRef,
    /// The picture, which hung in the shell of the page before.
    svg: Node,
    buttons: NodeRef,
    stroke: Option<Drawing>,
    /// What the stroke would do, in words.
    meaning: String,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

/// A stroke while the pointer is down.
struct Drawing {
    pointer: i32,
    points: Vec<Point>,
    /// Whether this pointer may cut; otherwise it can only click.
    cuts: bool,
}

/// What happens to the stage.
pub(crate) enum Msg {
    Down(PointerEvent),
    Move(PointerEvent),
    Up(PointerEvent),
    /// The browser takes the pointer for itself.
    Lost(PointerEvent),
    Resized,
}

impl Component for Stage {
    type Message = Msg;
    type Properties = Props;

    fn create(ctx: &Context<Self>) -> Self {
        Self {
            stage: NodeRef::default(),
            svg: canvas(&ctx.props().lab, ctx.props().still),
            buttons: NodeRef::default(),
            stroke: None,
            meaning: String::new(),
            observer: None,
        }
    }

    fn update(&mut self, ctx: &Context<Self>, msg: Msg) -> bool {
        match msg {
            Msg::Down(event) => self.down(ctx, &event),
            Msg::Move(event) => self.follow(ctx, &event),
            Msg::Up(event) => self.ends(&event) && self.up(ctx, &event),
            Msg::Lost(event) => self.ends(&event) && self.cancel(ctx),
            Msg::Resized => {
                self.measure(ctx);
                ctx.props().send.emit(Act::Redraw);
                true
            }
        }
    }

    fn changed(&mut self, ctx: &Context<Self>, old: &Props) -> bool {
        if ctx.props().escapes != old.escapes {
            self.cancel(ctx);
        }
        true
    }

    fn rendered(&mut self, ctx: &Context<Self>, first: bool) {
        if !first {
            return;
        }
        let Some(buttons) = self.buttons.cast::<Element>() else { return };
        ctx.props().lab.picture(|painter| painter.take_along(buttons));
        self.measure(ctx);
        let resized = ctx.link().callback(|()| Msg::Resized);
        let closure = Closure::<dyn FnMut()>::new(move || resized.emit(()));
        if let (Ok(observer), Some(stage)) =
            (ResizeObserver::new(closure.as_ref().unchecked_ref()), self.stage.cast::<Element>())
        {
            observer.observe(&stage);
            self.observer = Some((observer, closure));
        }
        ctx.props().send.emit(Act::Redraw);
    }

    fn destroy(&mut self, ctx: &Context<Self>) {
        if let Some((observer, _)) = self.observer.take() {
            observer.disconnect();
        }
        ctx.props().lab.hang(None);
    }

    fn view(&self, ctx: &Context<Self>) -> Html {
        let props = ctx.props();
        let link = ctx.link();
        let drawing = self.stroke.as_ref().is_some_and(|stroke| stroke.points.len() > 1);
        let class = classes!(
            "stage",
            drawing.then_some("drawing"),
            (props.tool == Some(Tool::Cut)).then_some("cutting"),
            props.tool.is_some().then_some("armed"),
        );
        html! {
            <main {class} ref={self.stage.clone()} aria-label={words::plain("page-stage")}
                onpointerdown={link.callback(Msg::Down)} onpointermove={link.callback(Msg::Move)}
                onpointerup={link.callback(Msg::Up)} onpointercancel={link.callback(Msg::Lost)}>
                { Html::VRef(self.svg.clone()) }
                <NodeButtons list={self.buttons.clone()} lab={props.lab.clone()}
                    seen={props.seen} selection={props.selection} send={props.send.clone()} />
                <Tools lab={props.lab.clone()} seen={props.seen} tool={props.tool}
                    editable={props.editable} send={props.send.clone()} />
                <p class="meaning" hidden={self.meaning.is_empty()}>{ self.meaning.clone() }</p>
                <Actions lab={props.lab.clone()} seen={props.seen} playing={props.playing}
                    selection={props.selection} editable={props.editable}
                    send={props.send.clone()} />
            </main>
        }
    }
}

impl Stage {
    fn down(&mut self, ctx: &Context<Self>, event: &PointerEvent) -> bool {
        let on_picture = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .is_some_and(|target| target.namespace_uri().is_some_and(|name| name.ends_with("svg")));
        let other = self.stroke.is_some() && !self.ends(event);
        if !on_picture || event.button() != 0 || other {
            return false;
        }
        let armed = ctx.props().tool == Some(Tool::Cut);
        let cuts = ctx.props().editable && (armed || event.pointer_type() == "mouse");
        self.stroke =
            Some(Drawing { pointer: event.pointer_id(), points: vec![self.point(event)], cuts });
        if cuts && let Some(stage) = self.stage.cast::<Element>() {
            // Only fails for a pointer that is gone already.
            let _ = stage.set_pointer_capture(event.pointer_id());
        }
        false
    }

    fn follow(&mut self, ctx: &Context<Self>, event: &PointerEvent) -> bool {
        let point = self.point(event);
        let Some(drawing) = &mut self.stroke else {
            self.hover(ctx, point, event);
            return false;
        };
        let far = drawing.points.last().is_none_or(|last| (*last - point).length() > 4.0);
        let begun = drawing.points.len() > 1 || (drawing.points[0] - point).length() > CLICK;
        if drawing.pointer != event.pointer_id() || !drawing.cuts || !far || !begun {
            return false;
        }
        drawing.points.push(point);
        let points = &drawing.points;
        let meaning = ctx.props().lab.picture(|painter| painter.preview(points));
        let meaning = meaning.unwrap_or(Stroke::Nothing);
        self.meaning = describe(&meaning);
        true
    }

    /// Whether this pointer is the one that draws: a second finger ends no stroke of the first.
    fn ends(&self, event: &PointerEvent) -> bool {
        self.stroke.as_ref().is_some_and(|drawing| drawing.pointer == event.pointer_id())
    }

    fn up(&mut self, ctx: &Context<Self>, event: &PointerEvent) -> bool {
        let Some(drawing) = self.stroke.take() else { return false };
        let props = ctx.props();
        if drawing.points.len() < 2 {
            // A finger that wiped across the stage clicked nothing.
            let point = drawing.points[0];
            if (self.point(event) - point).length() <= SWIPE {
                self.click(ctx, point);
            }
        } else if let Some(meaning) = props.lab.picture(|p| p.preview(&drawing.points)) {
            match meaning {
                Stroke::Nothing => {}
                Stroke::Links(links) => props
                    .send
                    .emit(Act::All(links.into_iter().map(|(a, b)| cut_link(a, b)).collect())),
                Stroke::Sides(sides) => {
                    let groups = sides.iter().map(|side| side.iter().map(|&n| id(n)).collect());
                    let groups = groups.collect();
                    props.send.emit(Act::Do(Command::Act(Input::Cut { groups })));
                }
            }
            props.send.emit(Act::Arm(None));
        }
        self.cancel(ctx)
    }

    fn cancel(&mut self, ctx: &Context<Self>) -> bool {
        self.stroke = None;
        self.meaning.clear();
        ctx.props().lab.picture(|painter| painter.preview(&[]));
        true
    }

    fn click(&self, ctx: &Context<Self>, point: Point) {
        let props = ctx.props();
        let hit = props.lab.picture(|painter| painter.hit(point)).unwrap_or(Hit::Nothing);
        let selection = match hit {
            Hit::Message(name) => Some(Selection::Message(name)),
            Hit::Link(a, b) => Some(Selection::Link(a, b)),
            Hit::Fault if props.editable => {
                props.send.emit(Act::Do(Command::Act(Input::Heal)));
                return;
            }
            Hit::Fault | Hit::Nothing => None,
        };
        props.send.emit(Act::Select(selection));
    }

    /// Shows by the shape of the pointer that a click would do something.
    fn hover(&self, ctx: &Context<Self>, point: Point, event: &PointerEvent) {
        if event.pointer_type() != "mouse" {
            return;
        }
        let hit = ctx.props().lab.picture(|painter| painter.hit(point));
        if let Some(stage) = self.stage.cast::<Element>() {
            let hot = hit.is_some_and(|hit| hit != Hit::Nothing);
            crate::draw::toggle(&stage, "hot", hot);
            crate::draw::toggle(&stage, "hot-fault", hit == Some(Hit::Fault));
        }
    }

    fn point(&self, event: &PointerEvent) -> Point {
        let corner = self.stage.cast::<Element>().map(|stage| stage.get_bounding_client_rect());
        let (left, top) = corner.map_or((0.0, 0.0), |corner| (corner.left(), corner.top()));
        Point::new(
            (f64::from(event.client_x()) - left) as f32,
            (f64::from(event.client_y()) - top) as f32,
        )
    }

    /// Tells the painter how much room there is.
    fn measure(&self, ctx: &Context<Self>) {
        let Some(stage) = self.stage.cast::<HtmlElement>() else { return };
        let room = room(&stage);
        ctx.props().lab.picture(|painter| painter.resize(room));
    }
}

/// The picture: the one that hangs already, or a new one.
fn canvas(lab: &Lab, still: bool) -> Node {
    let svg = lab.picture(|painter| painter.svg()).unwrap_or_else(|| {
        let svg = crate::draw::add(&gloo::utils::body(), "svg", "picture");
        crate::draw::set(&svg, "aria-hidden", "true");
        lab.hang(Some(Painter::new(&svg, still)));
        svg
    });
    svg.into()
}

/// How much room there is on the stage.
pub(crate) fn room(stage: &HtmlElement) -> Room {
    let width = stage.client_width() as f32;
    let height = stage.client_height() as f32;
    let bottom = if height < 330.0 { 0.0 } else { 12.0 };
    let (left, top) = tools_reach(stage);
    Room { width, height, left, top, bottom }
}

/// How far the tools reach: from the left if they stand in a column, else from the top.
fn tools_reach(stage: &HtmlElement) -> (f32, f32) {
    const EDGE: f32 = 4.0;
    let Ok(Some(tools)) = stage.query_selector(".tools") else { return (0.0, EDGE) };
    let (stage, tools) = (stage.get_bounding_client_rect(), tools.get_bounding_client_rect());
    if tools.width() == 0.0 {
        (0.0, EDGE)
    } else if tools.width() > tools.height() {
        (0.0, (tools.bottom() - stage.top()) as f32 - EDGE)
    } else {
        ((tools.right() - stage.left()) as f32 - EDGE, EDGE)
    }
}

/// What a stroke would do, in a sentence.
fn describe(stroke: &Stroke) -> String {
    match stroke {
        Stroke::Nothing => words::plain("page-stroke-nothing"),
        Stroke::Links(links) => {
            words::say("page-stroke-links", &[("count", Arg::from(links.len() as u64))])
        }
        Stroke::Sides(sides) => {
            let names = |side: &Vec<usize>| {
                side.iter().map(|&node| id(node).to_string()).collect::<Vec<_>>().join(", ")
            };
            let names = sides.iter().map(names).map(|side| words::shortened(side, NAMED_MOST));
            names.collect::<Vec<_>>().join("  |  ")
        }
    }
}

fn id(index: usize) -> NodeId {
    NodeId(index as u32)
}

fn cut_link(a: usize, b: usize) -> Input {
    Input::CutLink { from: id(a), to: id(b), both: true }
}
