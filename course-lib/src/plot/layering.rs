//! Where the nodes of a directed graph stand, so that all edges lead one way and few of them cross.
//!
//! Sugiyama, Tagawa and Toda (1981): nodes in layers, an edge over several layers broken into pieces by
//! places of its own, the order within a layer by the mean of the neighbours' places, and then the places
//! themselves: as near to the neighbours' as the nodes beside them allow, which is solved exactly by pooling
//! neighbours that collide.

/// How often the layers are gone through. More makes no difference for graphs that can be read.
const SWEEPS: usize = 24;

/// Where everything stands.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Layering {
    /// The layer of each node.
    pub layers: Vec<usize>,
    /// The middle of each node across the layers.
    pub places: Vec<f64>,
    /// For each edge where it passes the layers between its ends.
    pub bends: Vec<Vec<f64>>,
    /// From the first edge of a node to the last one.
    pub extent: f64,
}

/// Something with a place in a layer: a node, or an edge passing through.
#[derive(Debug, Clone)]
struct Item {
    layer: usize,
    /// How much room it takes across.
    size: f64,
    before: Vec<usize>,
    after: Vec<usize>,
}

/// Finds places for nodes of the given sizes (across the layers). `gap` is the least free room between two of
/// them.
///
/// Nothing if the edges form a circle. Edges lead from and to nodes that exist.
pub(super) fn layering(sizes: &[f64], edges: &[(usize, usize)], gap: f64) -> Option<Layering> {
    let layers = layers(sizes.len(), edges)?;
    let item = |(node, size): (usize, &f64)| Item {
        layer: layers[node],
        size: *size,
        before: Vec::new(),
        after: Vec::new(),
    };
    let mut items: Vec<Item> = sizes.iter().enumerate().map(item).collect();
    let mut passes: Vec<Vec<usize>> = Vec::new();
    for (from, to) in edges {
        let mut chain = vec![*from];
        for layer in layers[*from] + 1..layers[*to] {
            chain.push(items.len());
            items.push(Item {
                layer,
                size: gap * 0.3,
                before: Vec::new(),
                after: Vec::new(),
            });
        }
        chain.push(*to);
        for pair in chain.windows(2) {
            items[pair[0]].after.push(pair[1]);
            items[pair[1]].before.push(pair[0]);
        }
        passes.push(chain[1..chain.len() - 1].to_vec());
    }
    let order = ordered(&items);
    let mut places = spread(&items, &order, gap);
    let edge = |item: usize, side: f64| places[item] + side * items[item].size / 2.0;
    let low = (0..items.len())
        .map(|item| edge(item, -1.0))
        .fold(f64::INFINITY, f64::min);
    let high = (0..items.len())
        .map(|item| edge(item, 1.0))
        .fold(f64::NEG_INFINITY, f64::max);
    places.iter_mut().for_each(|place| *place -= low);
    Some(Layering {
        bends: passes
            .iter()
            .map(|pass| pass.iter().map(|item| places[*item]).collect())
            .collect(),
        places: places[..sizes.len()].to_vec(),
        layers,
        extent: (high - low).max(0.0),
    })
}

/// The layer of each node: one more than that of the last node that leads to it; a node to which none leads
/// stands just before the first node that it leads to.
fn layers(count: usize, edges: &[(usize, usize)]) -> Option<Vec<usize>> {
    let mut missing = vec![0; count];
    edges.iter().for_each(|(_, to)| missing[*to] += 1);
    let is_source: Vec<bool> = missing.iter().map(|missing| *missing == 0).collect();
    let mut ready: Vec<usize> = (0..count).filter(|node| is_source[*node]).collect();
    let mut layers = vec![0; count];
    let mut done = 0;
    while let Some(node) = ready.pop() {
        done += 1;
        for (_, to) in edges.iter().filter(|(from, _)| *from == node) {
            layers[*to] = layers[*to].max(layers[node] + 1);
            missing[*to] -= 1;
            if missing[*to] == 0 {
                ready.push(*to);
            }
        }
    }
    for source in (0..count).filter(|node| is_source[*node]) {
        let next = edges
            .iter()
            .filter(|(from, _)| *from == source)
            .map(|(_, to)| layers[*to])
            .min();
        layers[source] = next.map_or(0, |next| next - 1);
    }
    (done == count).then_some(layers)
}

/// The items of each layer, in the order with the fewest crossings that was found.
fn ordered(items: &[Item]) -> Vec<Vec<usize>> {
    let count = items.iter().map(|item| item.layer + 1).max().unwrap_or(0);
    let mut order: Vec<Vec<usize>> = vec![Vec::new(); count];
    items
        .iter()
        .enumerate()
        .for_each(|(number, item)| order[item.layer].push(number));
    let mut best = (crossings(items, &order), order.clone());
    for sweep in 0..SWEEPS {
        if best.0 == 0 {
            break;
        }
        let forwards = sweep % 2 == 0;
        let layers: Vec<usize> = if forwards {
            (1..count).collect()
        } else {
            (0..count.saturating_sub(1)).rev().collect()
        };
        for layer in layers {
            let ranks = ranks(items.len(), &order);
            let mean = |item: usize| {
                let neighbours = if forwards {
                    &items[item].before
                } else {
                    &items[item].after
                };
                match neighbours.len() {
                    0 => ranks[item],
                    count => neighbours.iter().map(|other| ranks[*other]).sum::<f64>() / count as f64,
                }
            };
            order[layer].sort_by(|a, b| mean(*a).total_cmp(&mean(*b)));
        }
        let found = crossings(items, &order);
        if found < best.0 {
            best = (found, order.clone());
        }
    }
    best.1
}

/// Where each item stands in its layer, from 0 to 1.
fn ranks(count: usize, order: &[Vec<usize>]) -> Vec<f64> {
    let mut ranks = vec![0.0; count];
    for layer in order {
        for (rank, item) in layer.iter().enumerate() {
            ranks[*item] = (rank as f64 + 0.5) / layer.len() as f64;
        }
    }
    ranks
}

fn crossings(items: &[Item], order: &[Vec<usize>]) -> usize {
    let ranks = ranks(items.len(), order);
    let of_layer = |layer: &Vec<usize>| {
        let ends: Vec<(f64, f64)> = layer
            .iter()
            .flat_map(|item| items[*item].after.iter().map(|to| (ranks[*item], ranks[*to])))
            .collect();
        let crossing = |a: &(f64, f64), b: &(f64, f64)| (a.0 - b.0) * (a.1 - b.1) < 0.0;
        let pairs = ends
            .iter()
            .enumerate()
            .map(|(at, a)| ends[..at].iter().filter(|b| crossing(a, b)).count());
        pairs.sum::<usize>()
    };
    order.iter().map(of_layer).sum()
}

/// The place of each item: near to its neighbours, and not on those beside it.
fn spread(items: &[Item], order: &[Vec<usize>], gap: f64) -> Vec<f64> {
    let mut places = vec![0.0; items.len()];
    for sweep in 0..=SWEEPS {
        let mut layers: Vec<&Vec<usize>> = order.iter().collect();
        if sweep % 2 == 1 {
            layers.reverse();
        }
        for layer in layers {
            let wish = |item: &usize| {
                let neighbours = items[*item].before.iter().chain(&items[*item].after);
                let (sum, count) = neighbours.fold((0.0, 0.0), |(sum, count), other| {
                    (sum + places[*other], count + 1.0)
                });
                if count > 0.0 { sum / count } else { places[*item] }
            };
            let wishes: Vec<f64> = layer.iter().map(wish).collect();
            let distance = |pair: &[usize]| (items[pair[0]].size + items[pair[1]].size) / 2.0 + gap;
            let distances: Vec<f64> = layer.windows(2).map(distance).collect();
            for (item, place) in layer.iter().zip(nearest(&wishes, &distances)) {
                places[*item] = place;
            }
        }
    }
    places
}

/// The places nearest to the wishes (least squares) in which each is at least its distance after the one
/// before: neighbours that collide are pooled and stand around the mean of their wishes.
fn nearest(wishes: &[f64], distances: &[f64]) -> Vec<f64> {
    let mut offsets = vec![0.0];
    distances
        .iter()
        .for_each(|distance| offsets.push(offsets[offsets.len() - 1] + distance));
    // Without the distances, the places must only not fall.
    let mut pools: Vec<(f64, usize)> = Vec::new();
    for (wish, offset) in wishes.iter().zip(&offsets) {
        pools.push((wish - offset, 1));
        while let [.., (a, a_count), (b, b_count)] = pools[..] {
            if a <= b {
                break;
            }
            let count = a_count + b_count;
            let mean = (a * a_count as f64 + b * b_count as f64) / count as f64;
            pools.truncate(pools.len() - 2);
            pools.push((mean, count));
        }
    }
    let levels = pools
        .into_iter()
        .flat_map(|(level, count)| std::iter::repeat_n(level, count));
    levels
        .zip(&offsets)
        .map(|(level, offset)| level + offset)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_edge_leads_to_a_later_layer() {
        let edges = [(0, 2), (1, 2), (2, 3), (0, 3), (4, 3)];
        let found = layering(&[10.0; 5], &edges, 4.0).unwrap();
        assert!(
            edges
                .iter()
                .all(|(from, to)| found.layers[*from] < found.layers[*to]),
            "{found:?}"
        );
        assert_eq!(
            found.layers[4],
            found.layers[3] - 1,
            "an input stands beside what it leads to"
        );
        assert_eq!(found.bends[3].len(), 1, "an edge over a layer has a place in it");
    }

    #[test]
    fn nothing_stands_on_anything_else() {
        let edges = [
            (0, 3),
            (1, 3),
            (2, 3),
            (0, 4),
            (2, 4),
            (0, 5),
            (3, 6),
            (4, 6),
            (5, 6),
        ];
        let sizes = [10.0, 30.0, 10.0, 20.0, 10.0, 50.0, 10.0];
        let found = layering(&sizes, &edges, 4.0).unwrap();
        for a in 0..sizes.len() {
            for b in 0..a {
                let distance = (found.places[a] - found.places[b]).abs();
                let least = (sizes[a] + sizes[b]) / 2.0 + 4.0;
                assert!(
                    found.layers[a] != found.layers[b] || distance >= least - 1e-9,
                    "{a} and {b}: {found:?}"
                );
            }
        }
    }

    #[test]
    fn crossings_that_are_not_needed_go() {
        let found = layering(&[10.0; 6], &[(0, 5), (1, 4), (2, 3)], 4.0).unwrap();
        let rank = |node: usize| found.places[node];
        assert_eq!(rank(0) < rank(1), rank(5) < rank(4));
        assert_eq!(rank(1) < rank(2), rank(4) < rank(3));
    }

    #[test]
    fn a_circle_has_no_layers() {
        assert_eq!(layering(&[10.0; 3], &[(0, 1), (1, 2), (2, 1)], 4.0), None);
    }

    #[test]
    fn colliding_neighbours_stand_around_the_mean_of_their_wishes() {
        assert_eq!(nearest(&[0.0, 0.0, 100.0], &[10.0, 10.0]), [-5.0, 5.0, 100.0]);
        assert_eq!(nearest(&[3.0], &[]), [3.0]);
    }
}
