/** Name, website, batch, status, industry, sub-industry, country, team size, one sentence. */
export type SampleCompany = readonly [ string, string, string, string, string, string, string, number, string ];

/** None of the companies exists, and every domain of their own ends in `-sample` before its suffix.
 *  Among them: a tie (quillgrove-sample.com), two websites (Nettlebay), a subdomain (Harborlight), a non-ASCII
 *  host (Whinstone), a shared host (Skylarder) and no website (Sorrelhouse). One a line, in the order of SampleCompany. */
const TABLE = `
Amberwick | https://amberwick-sample.com | Winter 2009 | Public | B2B | Finance and Accounting | United States of America | 2400 | Bookkeeping that closes the month by itself.
Barnowl Robotics | https://www.barnowl-robotics-sample.com | Summer 2016 | Active | Industrials | Manufacturing and Robotics | United States of America | 64 | Night-shift robots for dairy farms.
Birchlane | https://birchlane-sample.io | Winter 2021 | Active | Fintech | Banking and Exchange | United Kingdom | 38 | Bank accounts for housing co-operatives.
Bluefinch | http://bluefinch-sample.com/ | Summer 2012 | Acquired | Consumer | Social | Canada | 12 | Photo walks with strangers nearby.
Brackwater | https://brackwater-sample.dev | Fall 2024 | Active | B2B | Infrastructure | Germany | 6 | Preview databases for every pull request.
Brindlefox | https://brindlefox-sample.ai | Winter 2024 | Active | B2B | Sales | United States of America | 9 | An assistant that reads tender documents.
Candlewharf | https://candlewharf-sample.com | Summer 2019 | Active | Real Estate and Construction | Housing and Real Estate | United States of America | 45 | Rent boats as if they were rooms.
Cedarquill | https://cedarquill-sample.com | Winter 2015 | Inactive | Education | Education | India | 0 | Handwriting lessons over video.
Chalkmeadow | https://chalkmeadow-sample.co | Summer 2020 | Active | Education | Education | Kenya | 27 | Lesson plans for teachers without internet.
Cinderpath | https://cinderpath-sample.com | Spring 2025 | Active | Healthcare | Healthcare IT | United States of America | 4 | Referral letters that write themselves.
Copperfen | https://copperfen-sample.co.uk | Winter 2018 | Acquired | Industrials | Energy | United Kingdom | 51 | Leak detection for old water mains.
Cottonlark | https://cottonlark-sample.com | Summer 2014 | Active | Consumer | Apparel and Cosmetics | Mexico | 110 | Work clothes mended by post.
Dapplewood | https://dapplewood-sample.com | Winter 2020 | Active | Healthcare | Consumer Health and Wellness | Canada | 33 | Physiotherapy for people who stand all day.
Driftlantern | https://driftlantern-sample.io | Summer 2021 | Active | B2B | Engineering, Product and Design | Spain | 18 | Feature flags for embedded devices.
Dunmarrow | https://dunmarrow-sample.com | Summer 2008 | Inactive | Consumer | Content | United States of America | 2 | Radio plays by subscription.
Eiderbrook | https://eiderbrook-sample.de | Winter 2023 | Active | Industrials | Climate | Germany | 14 | Heat pumps for listed buildings.
Elmspire | https://elmspire-sample.com | Winter 2011 | Public | B2B | Human Resources | United States of America | 1900 | Shift plans that people agree to.
Emberloft | https://emberloft-sample.com | Summer 2022 | Active | Fintech | Payments | Nigeria | 72 | Payments between market traders.
Fallowgate | https://fallowgate-sample.com | Winter 2013 | Acquired | B2B | Marketing | United States of America | 0 | Coupons that expire when the queue is short.
Fernhollow | https://fernhollow-sample.ai | Summer 2024 | Active | Healthcare | Diagnostics | France | 7 | Second opinions on skin photographs.
Flintmere | https://flintmere-sample.com | Summer 2018 | Active | Industrials | Drones | Australia | 41 | Drones that count sheep.
Foxglove Freight | https://foxglove-freight-sample.com | Winter 2017 | Active | B2B | Supply Chain and Logistics | Brazil | 210 | Empty lorries find a load for the way home.
Gallowtree | https://gallowtree-sample.co | Summer 2010 | Inactive | Consumer | Gaming | United States of America | 3 | Board games by e-mail.
Glasswren | https://glasswren-sample.dev | Winter 2025 | Active | B2B | Security | Israel | 5 | Secrets scanning for spreadsheets.
Goldthistle | https://goldthistle-sample.com | Summer 2013 | Acquired | Fintech | Insurance | United Kingdom | 24 | Insurance for street musicians.
Greywether | https://greywether-sample.com | Winter 2019 | Active | Industrials | Climate | Iceland | 29 | Weather forecasts for one field.
Harborlight | https://go.harborlight-sample.com/start?ref=list | Summer 2017 | Active | B2B | Operations | Singapore | 88 | Port paperwork on one page.
Hazelrook | https://hazelrook-sample.io | Summer 2023 | Active | B2B | Analytics | Poland | 11 | Questions to your data, answers with sources.
Heronsgate | https://heronsgate-sample.com | Winter 2012 | Inactive | Real Estate and Construction | Construction | United States of America | 0 | Scaffolding on demand.
Inkfield | https://inkfield-sample.com | Fall 2025 | Active | B2B | Legal | Netherlands | 3 | Contracts that explain themselves.
Ivybarrow | https://ivybarrow-sample.com | Summer 2011 | Acquired | Consumer | Food and Beverage | United States of America | 6 | Leftovers of good restaurants.
Juniper & Slate | https://juniper-slate-sample.com | Winter 2022 | Active | Consumer | Home and Personal | Denmark | 19 | Kitchens that fold away.
Kestrelworks | https://kestrelworks-sample.com | Winter 2016 | Active | Industrials | Aviation and Space | United States of America | 130 | Parts for small aircraft, printed overnight.
Kitewell | https://kitewell-sample.co | Summer 2015 | Active | Healthcare | Medical Devices | Ghana | 57 | Oxygen concentrators that run on solar power.
Lanternfish | https://lanternfish-sample.ai | Spring 2026 | Active | B2B | Infrastructure | United States of America | 2 | Evaluation runs for language models.
Larkspur Ledger | https://larkspur-ledger-sample.com | Summer 2009 | Acquired | Fintech | Consumer Finance | United States of America | 15 | Pocket money with interest.
Linenhall | https://linenhall-sample.com | Winter 2014 | Active | B2B | Retail | Ireland | 76 | Stock keeping for second-hand shops.
Maplecroft Bio | https://maplecroft-bio-sample.com | Summer 2021 | Active | Healthcare | Drug Discovery and Delivery | Switzerland | 31 | Antibodies designed in a week.
Marrowstone | https://marrowstone-sample.com | Winter 2010 | Inactive | B2B | Productivity | United States of America | 0 | Meeting notes by telephone.
Meadowlatch | https://meadowlatch-sample.io | Summer 2022 | Active | Real Estate and Construction | Housing and Real Estate | Colombia | 22 | Door keys as text messages.
Millpond | https://millpond-sample.com | Winter 2007 | Acquired | Consumer | Social | United States of America | 1 | Neighbourhood notice boards.
Mosswright | https://mosswright-sample.com | Winter 2024 | Active | Industrials | Agriculture | New Zealand | 10 | Compost measured from space.
Nettlebay | https://nettlebay-sample.com, https://nettlebay-shop-sample.com | Summer 2020 | Active | Consumer | Food and Beverage | Portugal | 26 | Tea that is grown on roofs.
Nightjar Audio | https://nightjar-audio-sample.com | Fall 2024 | Active | Consumer | Content | Sweden | 8 | Audiobooks in your own voice.
Oakhurst Grid | https://oakhurst-grid-sample.com | Winter 2021 | Active | Industrials | Energy | India | 95 | Batteries shared by a street.
Oriel | https://oriel-sample.dev | Summer 2019 | Active | B2B | Engineering, Product and Design | United States of America | 48 | Screenshots of every state of your app.
Osierbank | https://osierbank-sample.com | Summer 2006 | Inactive | Fintech | Asset Management | United States of America | 0 | Savings clubs among friends.
Pebblecourt | https://pebblecourt-sample.com | Winter 2023 | Active | Government | Government | Estonia | 12 | Building permits in a day.
Pennywhistle | https://pennywhistle-sample.io | Summer 2018 | Acquired | Fintech | Payments | Indonesia | 34 | Tips by QR code.
Quarrytop | https://quarrytop-sample.com | Winter 2020 | Active | Industrials | Manufacturing and Robotics | Chile | 67 | Stone cut by robots.
Quillgrove | https://quillgrove-sample.com | Summer 2019 | Inactive | Education | Education | United States of America | 0 | Essays corrected overnight.
Quillgrove Labs | https://quillgrove-sample.com | Winter 2026 | Active | B2B | Productivity | United States of America | 4 | Drafts that sound like you.
Ravenfold | https://ravenfold-sample.com | Winter 2022 | Active | B2B | Security | Canada | 20 | Phishing drills that people like.
Redfern Tutors | https://redfern-tutors-sample.com | Summer 2012 | Acquired | Education | Education | Vietnam | 40 | Tutors for the last mile before exams.
Saltmarsh | https://saltmarsh-sample.co | Summer 2023 | Active | Industrials | Climate | Netherlands | 13 | Sea walls from oyster shells.
Silverbirch | https://silverbirch-sample.com | Winter 2008 | Public | Consumer | Travel, Leisure and Tourism | United States of America | 3100 | Holidays planned by people who live there.
Skylarder | https://sites.google.com/view/skylarder-sample | Winter 2013 | Inactive | Consumer | Food and Beverage | United States of America | 0 | Cheese by balloon.
Sorrelhouse |  | Summer 2010 | Inactive | Real Estate and Construction | Housing and Real Estate | United States of America | 0 | Studios for an afternoon.
Tanglewick | https://tanglewick-sample.ai | Summer 2025 | Active | B2B | Operations | Japan | 5 | Instructions for machines, from watching people.
Thornfield Health | https://thornfield-health-sample.com | Winter 2018 | Active | Healthcare | Healthcare Services | United States of America | 240 | Clinics inside pharmacies.
Tidewren | https://tidewren-sample.com | Summer 2021 | Active | B2B | Marketing | Argentina | 17 | Newsletters that stop when nobody reads.
Umberside | https://umberside-sample.com | Winter 2015 | Active | B2B | Retail | South Africa | 59 | Paint mixed from a photograph.
Velvetmoor | https://velvetmoor-sample.com | Spring 2025 | Active | Consumer | Apparel and Cosmetics | South Korea | 6 | Shoes that are resoled, not replaced.
Wayfarer Post | https://wayfarer-post-sample.com | Summer 2017 | Active | B2B | Supply Chain and Logistics | Turkey | 103 | Parcels carried by bus.
Whinstone | https://bücherwald-sample.de | Winter 2019 | Active | Consumer | Content | Germany | 16 | A library card for every bookshop.
Yarrowby | https://yarrowby-sample.io | Unspecified | Active | Government | Government | United States of America | 8 | Town halls that answer letters.
`;

/** The made-up companies in the order of their ids. */
export const SAMPLE_COMPANIES: readonly SampleCompany[] = TABLE.trim().split( '\n' ).map( companyOf );

function companyOf( line: string ): SampleCompany {
	const [
		name = '',
		website = '',
		batch = '',
		status = '',
		industry = '',
		subindustry = '',
		country = '',
		team_size = '',
		one_liner = '',
	] = line.split( '|' ).map( ( cell ) => cell.trim() );
	return [ name, website, batch, status, industry, subindustry, country, Number( team_size ), one_liner ];
}

/** Where companies were before: name of the company, former domain. */
export const SAMPLE_FORMER_DOMAINS: readonly ( readonly [ string, string ] )[] = [
	[ 'Tidewren', 'postwren-sample.com' ],
	[ 'Thornfield Health', 'thornfield-clinics-sample.com' ],
];
