//! What the clients of a Raft cluster ask while everything goes wrong: each request goes to every
//! server, so that one of them is likely to lead, and commands of sessions are sent again later.

use faultline_kernel::{Draw, NodeId, Purpose, Span, Time};
use faultline_lab::{Input, Scenario};
use faultline_sim::Positioned;
use serde_json::{Value, json};

/// The clients that keep sessions.
const CLIENTS: u64 = 3;

/// How long from one request to the next.
const GAP: Span = Span::millis(45);

/// Adds requests of every kind to a scenario, from `from` up to `until`.
pub(crate) fn ask_everything(scenario: &mut Scenario, servers: u64, from: Time, until: Time) {
    let mut clients = Clients { scenario, servers, numbers: [0; CLIENTS as usize] };
    for client in 1..=CLIENTS {
        clients.ask_all(from, &json!({ "register": client }));
        clients.ask_all(from + Span::millis(400), &json!({ "register": client }));
    }
    let mut at = from;
    for number in 0.. {
        at += GAP;
        if at >= until {
            break;
        }
        clients.ask_something(number, at);
    }
    scenario.inputs.sort_by_key(|input| input.at);
}

/// Adds changes of the group in quick succession.
pub(crate) fn change_the_group(scenario: &mut Scenario, servers: u64, from: Time, until: Time) {
    let mut clients = Clients { scenario, servers, numbers: [0; CLIENTS as usize] };
    let mut at = from;
    for number in 0.. {
        at += Span::millis(17);
        if at >= until {
            break;
        }
        let mut draw = Draw::keyed(clients.scenario.seed, Purpose::Chaos, &[number, 1]);
        let server = format!("n{}", 1 + draw.below(servers));
        let change = ["add", "remove"][usize::from(draw.chance(500_000))];
        clients.ask_all(at, &json!({ change: server }));
    }
    scenario.inputs.sort_by_key(|input| input.at);
}

struct Clients<'a> {
    scenario: &'a mut Scenario,
    servers: u64,
    /// The number of the latest command of each session.
    numbers: [u64; CLIENTS as usize],
}

impl Clients<'_> {
    fn ask_something(&mut self, number: u64, at: Time) {
        // Chaos itself draws by the plain numbers of its faults.
        let mut draw = Draw::keyed(self.scenario.seed, Purpose::Chaos, &[number, 1]);
        let key = ["x", "y"][usize::from(draw.chance(500_000))];
        let (value, servers) = (number % 1_000, self.servers);
        let other = || format!("n{}", 1 + number * 7 % servers);
        match draw.below(16) {
            0..4 => self.ask_all(at, &json!({ "get": key })),
            4..6 => {
                let expected = draw.below(50);
                self.ask_all(at, &json!({ "swap": key, "expected": expected, "value": value }));
            }
            6..8 => self.ask_all(at, &json!({ "add": other() })),
            8 => self.ask_all(at, &json!({ "remove": other() })),
            9 => self.ask_all(at, &json!({ "learn": other() })),
            10 => self.ask_all(at, &json!({ "transfer": other() })),
            11 => {
                let voters = ["n1", "n2", "n3"];
                self.ask_all(at, &json!({ "voters": voters }));
            }
            _ => self.ask_twice(&mut draw, at, &json!({ "put": key, "value": value })),
        }
    }

    /// A command of a session; its client asks again, in the middle of everything.
    fn ask_twice(&mut self, draw: &mut Draw, at: Time, put: &Value) {
        let client = draw.below(CLIENTS);
        let latest = &mut self.numbers[usize::try_from(client).expect("it is small")];
        *latest += 1;
        let mut put = put.clone();
        put["client"] = (client + 1).into();
        put["sequence"] = (*latest).into();
        self.ask_all(at, &put);
        self.ask_all(at + Span::millis(20 + draw.below(200)), &put);
    }

    /// A client that does not know who leads tries one after the other.
    fn ask_all(&mut self, at: Time, request: &Value) {
        for node in 0..self.servers {
            let node = NodeId(u32::try_from(node).expect("a member"));
            let at = at + Span::millis(u64::from(node.0));
            let input = Input::Request { node, request: Some(request.clone()) };
            self.scenario.inputs.push(Positioned { at, after: None, input });
        }
    }
}
